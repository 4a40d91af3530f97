package io.quorate.node.wal;

import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A file read through a window that moves forward and grows to the largest piece asked for; one thread. */
final class FileWindow {

    private static final int WINDOW_BYTES = 256 << 10;
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final DiskFile file;
    private final long size;
    private byte[] window;
    private long start;
    private int length;

    FileWindow(DiskFile file) throws IOException {
        this.file = file;
        this.size = file.size();
        this.window = new byte[(int) Math.min(size, WINDOW_BYTES)];
    }

    /** The length of the file. */
    long size() {
        return size;
    }

    /** Where the window's bytes are; another call of {@link #offsetOf} may replace them. */
    byte[] array() {
        return window;
    }

    /** Brings a piece of the file into the window and returns where in {@link #array} it begins. */
    int offsetOf(long position, int count) throws IOException {
        if (position < start || position + count > start + length) {
            load(position, count);
        }
        return (int) (position - start);
    }

    private void load(long position, int count) throws IOException {
        if (position + count > size) {
            throw new EOFException("bytes " + position + " to " + (position + count) + " of a file of " + size);
        }
        if (count > window.length) {
            window = new byte[Math.max(count, Math.min(2 * window.length, 64 << 20))];
        }
        start = position;
        length = 0;
        ByteBuffer target = ByteBuffer.wrap(window);
        while (length < window.length) {
            int read = file.read(target, position + length);
            if (read < 0) {
                break;
            }
            length += read;
        }
        if (length < count) {
            throw new EOFException("the file became shorter while it was read");
        }
    }

    /** Eight bytes as a little-endian number. */
    long wordAt(long position) throws IOException {
        int offset = offsetOf(position, Long.BYTES);
        return (long) WORD.get(window, offset);
    }

    /** Whether there are only zeros from a position to below another one. */
    boolean isZero(long from, long to) throws IOException {
        return firstNonZero(from, to) == to;
    }

    /** The position of the first byte that is not zero, or {@code to}. */
    long firstNonZero(long from, long to) throws IOException {
        long position = from;
        while (position < to) {
            int count = (int) Math.min(to - position, window.length);
            int offset = offsetOf(position, count);
            for (int i = 0; i < count; i++) {
                if (window[offset + i] != 0) {
                    return position + i;
                }
            }
            position += count;
        }
        return to;
    }
}
