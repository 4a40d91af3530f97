package io.quorate.api.rest;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Cuts a body that arrives in pieces into the JSON objects it consists of, one after the other. */
final class JsonValues {

    private byte[] buffer = new byte[0];
    private int size;
    private int scanned;
    private int start = -1;
    private int depth;
    private boolean inString;
    private boolean escaped;

    /** Adds a piece of the body. */
    void add(ByteBuf piece) {
        int more = piece.readableBytes();
        if (start < 0) { // nothing begun: what lies before is of no further use
            int rest = size - scanned;
            byte[] next = new byte[rest + more];
            System.arraycopy(buffer, scanned, next, 0, rest);
            piece.getBytes(piece.readerIndex(), next, rest, more);
            buffer = next;
            size = next.length;
            scanned = 0;
            return;
        }
        int begun = size - start;
        byte[] target = begun + more <= buffer.length ? buffer : new byte[Math.max(begun + more, buffer.length * 2)];
        System.arraycopy(buffer, start, target, 0, begun);
        piece.getBytes(piece.readerIndex(), target, begun, more);
        buffer = target;
        size = begun + more;
        scanned -= start;
        start = 0;
    }

    /** Bytes held. */
    int size() {
        return size - Math.max(start, 0);
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
