package io.quorate.api.port;

import io.quorate.base.RequestException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;

/** The encoding of an answer that is too large to be held: its length is known, its bytes are read when the client takes them. */
public interface StreamedAnswer extends AutoCloseable {

    /** How long the encoding is; at most {@link Integer#MAX_VALUE}, which is as much as gRPC can announce. */
    long bytes();

    /**
     * Appends the next bytes. Called on a thread of {@link #reader}, by one at a time.
     *
     * @param target empty, with room for a byte at least; something is written to it
     * @throws RequestException when what is read has to be given back
     */
    void read(ByteBuffer target);

    /** Where it is read and closed. */
    Executor reader();

    /** What a client has to take at least; a slower one is cut off, because what is read is kept from others. */
    Pace pace();

    /**
     * Sets what is done when what is read has to be given back: the answer has to be closed soon.
     *
     * @param action returns quickly; called by any thread, and possibly twice
     */
    void whenRevoked(Runnable action);

    /** Lets go of what is read. Doing it again does nothing. */
    @Override
    void close();

    /**
     * So many bytes in each period.
     *
     * @param bytes at least, or all that are left if these are fewer
     */
    record Pace(Duration period, long bytes) {}
}
