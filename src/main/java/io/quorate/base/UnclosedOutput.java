package io.quorate.base;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Stays open when what writes to it ends, as compressed content does in the middle of a file. */
public final class UnclosedOutput extends FilterOutputStream {

    public UnclosedOutput(OutputStream target) {
        super(target);
    }

    /** The platform's would go byte by byte. */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
        flush();
    }
}
