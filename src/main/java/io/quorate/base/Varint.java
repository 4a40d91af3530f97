package io.quorate.base;

/** Numbers in the variable length of protobuf: seven bits a byte, the lowest first, the top bit set in all but the last. */
public final class Varint {

    /** How long one may be. */
    public static final int BYTES_MAX = 10;

    private static final int BITS = 7;
    private static final int MASK = (1 << BITS) - 1;

    private Varint() {}

    /** How many bytes a number takes; a negative one takes all. */
    public static int size(long value) {
        return value == 0 ? 1 : (Long.SIZE - Long.numberOfLeadingZeros(value) + BITS - 1) / BITS;
    }

    /**
     * Writes a number.
     *
     * @return where the next byte goes
     */
    public static int put(byte[] target, int offset, long value) {
        int at = offset;
        long rest = value;
        while ((rest & ~MASK) != 0) {
            target[at++] = (byte) (rest | MASK + 1);
            rest >>>= BITS;
        }
        target[at++] = (byte) rest;
        return at;
    }

    /**
     * Where a number ends.
     *
     * @param limit where the bytes end that belong to the source
     * @return the place behind its last byte; -1 if there is none within the limit and the length of 64 bits
     */
    public static int end(byte[] source, int offset, int limit) {
        int most = Math.min(limit, offset + BYTES_MAX);
        for (int at = offset; at < most; at++) {
            if (source[at] >= 0) {
                return at + 1;
            }
        }
        return -1;
    }

    /** The number between the offset and its {@link #end}. */
    public static long get(byte[] source, int offset, int end) {
        long value = 0;
        for (int at = end - 1; at >= offset; at--) {
            value = value << BITS | source[at] & MASK;
        }
        return value;
    }
}
