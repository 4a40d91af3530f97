package io.quorate.node;

/** Something that completes operations, each followed by the next one, until it is closed. */
interface Load extends AutoCloseable {

    int PAYLOAD_BYTES = 1024;

    Completions completions();

    @Override
    void close();
}
