package io.quorate.api.port;

/** What all clients together may take: memory and connections. */
record ClientBounds(ClientMemory memory, ConnectionLimit connections) {}
