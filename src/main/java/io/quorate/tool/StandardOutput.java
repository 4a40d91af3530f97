package io.quorate.tool;

import java.io.IOException;
import java.io.OutputStream;

/**
 * The standard output of a command whose product goes there. The platform's stream keeps to itself that nobody reads it any more, or that
 * its disk is full; this one fails. Stays open. Used by one thread.
 */
final class StandardOutput extends OutputStream {

    @Override
    public void write(int single) throws IOException {
        System.out.write(single);
        flush();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        System.out.write(bytes, offset, length);
        flush();
    }

    @Override
    public void flush() throws IOException {
        if (System.out.checkError()) {
            throw new IOException("standard output cannot be written: it is full, or nobody reads it");
        }
    }

    @Override
    public void close() throws IOException {
        flush();
    }
}
