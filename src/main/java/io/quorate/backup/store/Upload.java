package io.quorate.backup.store;

import java.io.IOException;
import java.io.OutputStream;

/** An object that is being written. Used by one thread. */
public abstract class Upload extends OutputStream {

    @Override
    public final void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public abstract void write(byte[] bytes, int offset, int length) throws IOException;

    /**
     * Gives the object its name. On return it is durable.
     *
     * @throws IOException if that is not known to have happened; the object may be there nevertheless, and is whole then
     */
    public abstract void commit() throws IOException;

    /** Gives up what was not committed. */
    @Override
    public abstract void close() throws IOException;
}
