package io.quorate.api.port;

/**
 * Written to a connection from outside when the server insists that it ends: it closes without waiting for what it does. Closing its channel
 * is how the server asks for an end that loses nothing.
 */
enum CloseOrder {
    NOW
}
