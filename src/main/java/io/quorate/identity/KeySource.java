package io.quorate.identity;

import java.io.IOException;

/** Where an outside issuer publishes its keys. Asked by a thread of a pool, which may wait a few seconds. */
@FunctionalInterface
public interface KeySource {

    /**
     * The document with the keys.
     *
     * @throws IOException if it cannot be had; the message says what was asked and why not
     * @throws InterruptedException if the member stops meanwhile
     */
    String fetch() throws IOException, InterruptedException;
}
