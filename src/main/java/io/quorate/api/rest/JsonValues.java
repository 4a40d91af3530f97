package io.quorate.api.rest;

import io.netty.buffer.ByteBuf;
import io.quorate.api.rest.JsonCursor.JsonSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a body that arrives in pieces into the JSON objects it consists of, one after the other.
 *
 * <p>Used by one thread at a time.
 */
final class JsonValues {

    private static final int FIRST_BYTES = 512;
    private static final int KEPT_BYTES = 16 * 1024;

    private byte[] buffer = new byte[0];
    private long movedBytes;
    private int size;
    private int scanned;
    private int start = -1;
    private int depth;
    private boolean inString;
    private boolean escaped;

    /** Adds a piece of the body. */
    void add(ByteBuf piece) {
        int more = piece.readableBytes();
        if (size + more > buffer.length) {
            makeRoom(more);
        }
        piece.getBytes(piece.readerIndex(), buffer, size, more);
        size += more;
    }

    /**
     * Moves what is still needed to the beginning of a buffer that has room for twice as much, so that all moves together
     * copy no more than a few times what has come, in however many pieces.
     */
    private void makeRoom(int more) {
        int from = start < 0 ? scanned : start;
        int needed = size - from;
        byte[] target =
                2 * needed + more <= buffer.length ? buffer : new byte[Math.max(FIRST_BYTES, 2 * needed + more)];
        System.arraycopy(buffer, from, target, 0, needed);
        movedBytes += needed;
        buffer = target;
        size = needed;
        scanned -= from;
        start = start < 0 ? -1 : 0;
    }

    /** Bytes that have been copied because the buffer was full. */
    long movedBytes() {
        return movedBytes;
    }

    /** Bytes that the buffer takes. */
    int capacity() {
        return buffer.length;
    }

    /** Bytes held. */
    int size() {
        return size - (start < 0 ? scanned : start);
    }

    /** Whether an object has begun and not ended. */
    boolean isInsideObject() {
        return start >= 0;
    }

    /**
     * The next complete object, valid until the next call of {@link #add}; absent when more of the body is needed.
     *
     * @throws JsonSyntaxException when something else than an object comes next
     */
    @Nullable
    JsonCursor next() {
        while (scanned < size) {
            byte next = buffer[scanned++];
            if (start < 0) {
                begin(next);
            } else if (inString) {
                insideString(next);
            } else if (next == '"') {
                inString = true;
            } else if (next == '{' || next == '[') {
                depth++;
            } else if ((next == '}' || next == ']') && --depth == 0) {
                JsonCursor object = new JsonCursor(buffer, start, scanned);
                start = -1;
                return object;
            }
        }
        if (start < 0 && buffer.length > KEPT_BYTES) { // nothing has begun that would need it
            buffer = new byte[0];
            size = 0;
            scanned = 0;
        }
        return null;
    }

    private void begin(byte next) {
        if (next == '{') {
            start = scanned - 1;
            depth = 1;
        } else if (next != ' ' && next != '\n' && next != '\r' && next != '\t') {
            throw new JsonSyntaxException("syntax error: expected a JSON object");
        }
    }

    private void insideString(byte next) {
        if (escaped) {
            escaped = false;
        } else if (next == '\\') {
            escaped = true;
        } else if (next == '"') {
            inString = false;
        }
    }
}
