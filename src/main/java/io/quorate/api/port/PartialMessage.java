package io.quorate.api.port;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * A length-prefixed message of which a part has come. Its buffer is at most twice as large as that part: what a length
 * announces takes no memory before it comes. One thread.
 */
final class PartialMessage {

    static final int PREFIX_BYTES = 5;

    private static final int FIRST_BYTES = 256;

    private final byte[] prefix = new byte[PREFIX_BYTES];
    private int prefixBytes;
    private byte[] body = {};
    private int bodyBytes;
    private long movedBytes;

    /** Takes bytes of the prefix; says whether it is complete. */
    boolean takePrefix(ByteBuf input) {
        int taken = Math.min(PREFIX_BYTES - prefixBytes, input.readableBytes());
        input.readBytes(prefix, prefixBytes, taken);
        prefixBytes += taken;
        return prefixBytes == PREFIX_BYTES;
    }

    boolean hasPrefix() {
        return prefixBytes == PREFIX_BYTES;
    }

    byte flags() {
        return prefix[0];
    }

    /** What the prefix says; negative beyond two gigabytes. */
    int length() {
        return (prefix[1] & 0xFF) << 24 | (prefix[2] & 0xFF) << 16 | (prefix[3] & 0xFF) << 8 | prefix[4] & 0xFF;
    }

    /** Bytes of the body so far. */
    int bodyBytes() {
        return bodyBytes;
    }

    /** Bytes of the body that are missing. */
    int missing() {
        return length() - bodyBytes;
    }

    /** Takes bytes of the body, as many as are missing at most. */
    void takeBody(ByteBuf input) {
        int taken = Math.min(missing(), input.readableBytes());
        int needed = capacityFor(taken);
        if (body.length < needed) {
            movedBytes += bodyBytes;
            body = Arrays.copyOf(body, needed);
        }
        input.readBytes(body, bodyBytes, taken);
        bodyBytes += taken;
    }

    /** How large the buffer will be when so many more bytes of the body have come. */
    int capacityFor(int more) {
        if (body.length - bodyBytes >= more) {
            return body.length;
        }
        return Math.min(length(), Math.max(FIRST_BYTES, Math.max(body.length * 2, bodyBytes + more)));
    }

    /** How large the buffer is. */
    int capacity() {
        return body.length;
    }

    /** Bytes that have been copied because the buffer was full. */
    long movedBytes() {
        return movedBytes;
    }

    /** The complete body; it does not change any more. */
    byte[] body() {
        return body;
    }
}
