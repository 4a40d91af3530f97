package io.quorate.node.wal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link Disk}; used by one thread at a time. */
public interface DiskFile extends AutoCloseable {

    /** The length of the file in bytes. */
    long size() throws IOException;

    /** Reads at a position as many bytes as come at once; -1 when the position lies at or behind the end. */
    int read(ByteBuffer target, long position) throws IOException;

    /** Writes all remaining bytes at a position; fails when not all of them could be written. */
    void write(ByteBuffer source, long position) throws IOException;

    /** Cuts the file; the bytes behind the size are gone. */
    void truncate(long size) throws IOException;

    /** Makes everything written durable; with {@code metadata} false only what reading it back needs (fdatasync). */
    void sync(boolean metadata) throws IOException;

    @Override
    void close() throws IOException;
}
