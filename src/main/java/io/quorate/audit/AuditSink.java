package io.quorate.audit;

import java.io.Closeable;
import java.io.IOException;

/** Where lines go. Used by one thread. */
public interface AuditSink extends Closeable {

    /**
     * Writes whole lines, or none of them.
     *
     * @throws IOException if they could not be written; the next attempt may succeed
     */
    void write(byte[] lines) throws IOException;
}
