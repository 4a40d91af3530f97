package io.quorate.audit;

import java.io.IOException;
import java.io.OutputStream;

/** Lines on a stream, as standard output, between those of the log. It stays open. */
public final class OutputSink implements AuditSink {

    private final OutputStream out;

    public OutputSink(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(byte[] lines) throws IOException {
        out.write(lines);
        out.flush();
    }

    @Override
    public void close() {
        // it is not ours
    }
}
