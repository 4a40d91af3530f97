package io.quorate.tracing;

import java.io.IOException;

/** Takes spans. */
@FunctionalInterface
public interface SpanReceiver {

    /** How a receiver took what it was sent. */
    enum Outcome {
        TAKEN,
        /** Not now; later perhaps. */
        BUSY,
        /** Not this, whenever. */
        REFUSED
    }

    /**
     * Sends spans and waits for an answer, for a few seconds at most.
     *
     * @param spans a request of OTLP in JSON
     * @throws IOException if there was none in time
     */
    Outcome send(byte[] spans) throws IOException, InterruptedException;
}
