package io.quorate.zstd;

import io.quorate.base.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * The compressed bytes of frames, followed as they pass by: heads of frames and blocks are read here, and only whole ones go on. Frames
 * that may be skipped are left out. Used by one thread.
 */
final class Frames extends BulkInputStream {

    /** What each decoder has to be able to keep, and all that the program's levels up to 19 use. */
    static final long WINDOW_BYTES_MAX = 8 << 20;

    private static final int BLOCK_BYTES_MAX = 128 << 10;
    private static final int MAGIC = 0xFD2FB528;
    private static final int SKIPPABLE_MAGIC = 0x184D2A50;
    private static final int SKIPPABLE_MASK = 0xFFFFFFF0;
    private static final int MAGIC_BYTES = 4;
    private static final int CHECKSUM_BYTES = 4;
    private static final int BLOCK_HEAD_BYTES = 3;
    private static final int FRAME_HEAD_BYTES_MAX = MAGIC_BYTES + 1 + 1 + 4 + 8;
    private static final int RUN_LENGTH_BLOCK = 1;
    private static final int RESERVED_BLOCK = 3;
    private static final int[] DICTIONARY_BYTES = {0, 1, 2, 4};
    private static final int SINGLE_SEGMENT = 1 << 5;
    private static final int RESERVED_BIT = 1 << 3;
    private static final int CHECKSUM_FLAG = 1 << 2;

    private final InputStream in;
    private final byte[] head = new byte[FRAME_HEAD_BYTES_MAX];
    private int headAt;
    private int headEnd;
    private long blockRest;
    private long offset;
    private long partOffset;
    private boolean inFrame;
    private boolean hasChecksum;
    private boolean lastBlock;

    Frames(InputStream in) {
        this.in = in;
    }

    /** Whether a stream that begins with this number has frames. */
    static boolean isMagic(int first) {
        return first == MAGIC || isSkippable(first);
    }

    private static boolean isSkippable(int magic) {
        return (magic & SKIPPABLE_MASK) == SKIPPABLE_MAGIC;
    }

    /** Compressed bytes that were read so far. */
    long offset() {
        return offset;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, target.length);
        if (length == 0) {
            return 0;
        }
        while (headAt == headEnd && blockRest == 0) {
            if (!next()) {
                return -1;
            }
        }
        if (headAt < headEnd) {
            int some = Math.min(length, headEnd - headAt);
            System.arraycopy(head, headAt, target, from, some);
            headAt += some;
            return some;
        }
        int some = in.read(target, from, (int) Math.min(length, blockRest));
        if (some < 0) {
            throw new ZstdException(offset, "the stream ends inside the part that begins at offset " + partOffset);
        }
        offset += some;
        blockRest -= some;
        return some;
    }

    /** Reads the next head; false behind the last frame. */
    private boolean next() throws IOException {
        partOffset = offset;
        headAt = 0;
        headEnd = 0;
        if (!inFrame) {
            return beginFrame();
        }
        if (lastBlock) {
            inFrame = false;
            blockRest = hasChecksum ? CHECKSUM_BYTES : 0;
            return true;
        }
        fill(BLOCK_HEAD_BYTES, "the head of a block");
        int block = (int) number(0, BLOCK_HEAD_BYTES);
        lastBlock = (block & 1) != 0;
        int type = block >>> 1 & 3;
        if (type == RESERVED_BLOCK) {
            throw new ZstdException(partOffset, "a block of the reserved type");
        }
        if (block >>> 3 > BLOCK_BYTES_MAX) {
            throw new ZstdException(
                    partOffset, "a block of " + (block >>> 3) + " bytes, and " + BLOCK_BYTES_MAX + " are the most");
        }
        blockRest = type == RUN_LENGTH_BLOCK ? 1 : block >>> 3;
        return true;
    }

    private boolean beginFrame() throws IOException {
        int first = in.read(head, 0, 1);
        if (first < 0) {
            return false;
        }
        headEnd = first;
        offset += first;
        fill(MAGIC_BYTES, "the first bytes of a frame");
        int magic = (int) number(0, MAGIC_BYTES);
        if (isSkippable(magic)) {
            skip();
            return true;
        }
        if (magic != MAGIC) {
            throw new ZstdException(partOffset, "no frame begins here");
        }
        fill(MAGIC_BYTES + 1, "the head of a frame");
        int descriptor = head[MAGIC_BYTES];
        if ((descriptor & RESERVED_BIT) != 0) {
            throw new ZstdException(partOffset + MAGIC_BYTES, "a frame with a reserved bit");
        }
        boolean single = (descriptor & SINGLE_SEGMENT) != 0;
        int dictionary = DICTIONARY_BYTES[descriptor & 3];
        int size = contentSizeBytes(descriptor >>> 6 & 3, single);
        int dictionaryAt = MAGIC_BYTES + 1 + (single ? 0 : 1);
        fill(dictionaryAt + dictionary + size, "the head of a frame");
        if (number(dictionaryAt, dictionary) != 0) {
            throw new ZstdException(partOffset, "a frame that needs a dictionary");
        }
        checkWindow(single ? contentSize(dictionaryAt + dictionary, size) : window(head[MAGIC_BYTES + 1] & 0xff));
        hasChecksum = (descriptor & CHECKSUM_FLAG) != 0;
        inFrame = true;
        lastBlock = false;
        return true;
    }

    private static int contentSizeBytes(int flag, boolean single) {
        return flag == 0 ? single ? 1 : 0 : 1 << flag;
    }

    private long contentSize(int at, int bytes) {
        return number(at, bytes) + (bytes == 2 ? 256 : 0);
    }

    private static long window(int descriptor) {
        long base = 1L << 10 + (descriptor >>> 3);
        return base + base / 8 * (descriptor & 7);
    }

    private void checkWindow(long bytes) throws ZstdException {
        if (bytes < 0 || bytes > WINDOW_BYTES_MAX) {
            throw new ZstdException(
                    partOffset,
                    "a frame whose window has " + Long.toUnsignedString(bytes) + " bytes, and " + WINDOW_BYTES_MAX
                            + " are the most; compress it without --ultra and --long, or unpack it first");
        }
    }

    private void skip() throws IOException {
        fill(2 * MAGIC_BYTES, "the head of a frame to be skipped");
        long rest = number(MAGIC_BYTES, MAGIC_BYTES) & 0xFFFFFFFFL;
        headEnd = 0;
        byte[] buffer = new byte[1 << 12];
        while (rest > 0) {
            int some = in.read(buffer, 0, (int) Math.min(buffer.length, rest));
            if (some < 0) {
                throw new ZstdException(offset, "the stream ends inside the frame that begins at offset " + partOffset);
            }
            offset += some;
            rest -= some;
        }
    }

    /** Reads on until the head has so many bytes. */
    private void fill(int bytes, String what) throws IOException {
        int some = in.readNBytes(head, headEnd, bytes - headEnd);
        offset += some;
        headEnd += some;
        if (headEnd < bytes) {
            throw new ZstdException(offset, "the stream ends inside " + what + " at offset " + partOffset);
        }
    }

    /** A little-endian number of the head. */
    private long number(int at, int bytes) {
        long number = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            number = number << 8 | head[at + i] & 0xff;
        }
        return number;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
