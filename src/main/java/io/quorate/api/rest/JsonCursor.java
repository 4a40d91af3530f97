package io.quorate.api.rest;

import com.google.common.base.Utf8;
import io.quorate.base.MessageDepth;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads JSON text (RFC 8259, nothing looser) from UTF-8 bytes, token by token.
 *
 * <p>Strings are found first and decoded on demand: most of what the gateway receives is base64, which needs no
 * unescaping and never becomes a {@link String}.
 *
 * <p>Used by one thread at a time.
 */
final class JsonCursor {

    /** Deeper nesting is refused. A transaction in a transaction is three levels of JSON for two of protobuf. */
    private static final int DEPTH_MAX = MessageDepth.REQUEST_MAX * 3 / 2;

    /** Of a value that is refused, so many characters are shown. */
    private static final int TOKEN_SHOWN_MAX = 200;

    private final byte[] text;
    private final int start;
    private final int end;
    private int position;
    private int depth;

    private int stringStart;
    private int stringEnd;
    private boolean stringEscaped;

    JsonCursor(byte[] text, int start, int end) {
        this.text = text;
        this.start = start;
        this.position = start;
        this.end = end;
    }

    /** The next significant byte, without consuming it. */
    byte peek() {
        while (position < end) {
            byte next = text[position];
            if (next != ' ' && next != '\n' && next != '\r' && next != '\t') {
                return next;
            }
            position++;
        }
        throw new JsonSyntaxException("unexpected EOF");
    }

    /** Whether nothing but white space is left. */
    boolean atEnd() {
        while (position < end) {
            byte next = text[position];
            if (next != ' ' && next != '\n' && next != '\r' && next != '\t') {
                return false;
            }
            position++;
        }
        return true;
    }

    void expect(char wanted) {
        if (peek() != wanted) {
            throw unexpected("'" + wanted + "'");
        }
        position++;
    }

    /** Consumes the byte if it comes next. */
    boolean skip(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        position++;
        return true;
    }

    /** Enters what the message has at this place, or says in etcd's words what is there instead. */
    void begin(char bracket) {
        if (peek() != bracket) {
            String found = token(position);
            throw new JsonSyntaxException("proto: syntax error " + place(position) + ": unexpected token " + found);
        }
        enter(bracket);
    }

    /** The token at a position as it is written; of an object or a list its bracket. */
    String token(int from) {
        int to = from;
        if (text[from] == '"') {
            position = from;
            string();
            to = position;
        } else {
            while (to < end && ",:{}[] \n\r\t".indexOf(text[to]) < 0) {
                to++;
            }
        }
        int length = Math.min(Math.max(1, to - from), TOKEN_SHOWN_MAX);
        return new String(text, from, length, StandardCharsets.UTF_8);
    }

    void enter(char bracket) {
        expect(bracket);
        if (++depth > DEPTH_MAX) {
            throw new JsonSyntaxException("invalid character '" + bracket + "' exceeded max depth");
        }
    }

    /** Consumes the closing bracket if it comes next. */
    boolean leave(char bracket) {
        if (!skip(bracket)) {
            return false;
        }
        depth--;
        return true;
    }

    /** Where the next byte to be read is. */
    int position() {
        return position;
    }

    /** Reads again from where the cursor was before. */
    void moveBack(int earlier) {
        position = earlier;
    }

    /** What is wrong with the token at a position, with line and column as etcd tells them. */
    JsonSyntaxException refusedAt(int at, String problem) {
        return new JsonSyntaxException("proto: " + place(at) + ": " + problem);
    }

    private String place(int at) {
        int line = 1;
        int lineStart = this.start;
        for (int i = this.start; i < at; i++) {
            if (text[i] == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        String before = new String(text, lineStart, at - lineStart, StandardCharsets.UTF_8);
        int column = before.codePointCount(0, before.length()) + 1;
        return "(line " + line + ":" + column + ")";
    }

    JsonSyntaxException unexpected(String wanted) {
        return new JsonSyntaxException("syntax error at byte " + position + " of the request: expected " + wanted);
    }

    /** Consumes a string token and remembers where it is. */
    void string() {
        expect('"');
        stringStart = position;
        stringEscaped = false;
        boolean ascii = true;
        while (position < end) {
            byte next = text[position];
            if (next == '"') {
                stringEnd = position++;
                if (!ascii) {
                    checkUtf8();
                }
                return;
            }
            if (next == '\\') {
                stringEscaped = true;
                escape();
            } else if (next < 0) {
                ascii = false;
            } else if (next < ' ') {
                throw unexpected("a string without control characters");
            }
            position++;
        }
        throw new JsonSyntaxException("unexpected EOF");
    }

    private void checkUtf8() {
        if (!Utf8.isWellFormed(text, stringStart, stringEnd - stringStart)) {
            throw new JsonSyntaxException(
                    "proto: syntax error " + place(stringStart - 1) + ": invalid UTF-8 in string");
        }
    }

    /** Checks what follows a backslash, which the position is at. */
    private void escape() {
        if (++position < end && "\"\\/bfnrtu".indexOf(text[position]) < 0) {
            throw new JsonSyntaxException("invalid escape in a string");
        }
    }

    /** Bytes of the remembered string with its escapes resolved, for as long as it is not replaced. */
    byte[] stringBytes() {
        return stringEscaped ? unescape() : Arrays.copyOfRange(text, stringStart, stringEnd);
    }

    String stringText() {
        if (!stringEscaped) {
            return new String(text, stringStart, stringEnd - stringStart, StandardCharsets.UTF_8);
        }
        return new String(unescape(), StandardCharsets.UTF_8);
    }

    private byte[] unescape() {
        StringBuilder plain = new StringBuilder(stringEnd - stringStart);
        String raw = new String(text, stringStart, stringEnd - stringStart, StandardCharsets.UTF_8);
        for (int i = 0; i < raw.length(); i++) {
            char next = raw.charAt(i);
            if (next != '\\') {
                plain.append(next);
            } else if (raw.charAt(++i) == 'u') {
                plain.append(unicode(raw, i + 1));
                i += 4;
            } else {
                plain.append(escaped(raw.charAt(i)));
            }
        }
        if (plain.codePoints().anyMatch(JsonCursor::isHalf)) {
            throw new JsonSyntaxException("invalid escape in a string: half a character");
        }
        return plain.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A surrogate that has not found its other half. */
    private static boolean isHalf(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private static char escaped(char letter) {
        return switch (letter) {
            case '"', '\\', '/' -> letter;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> throw new JsonSyntaxException("invalid escape in a string");
        };
    }

    private static char unicode(String raw, int from) {
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = i < raw.length() ? Character.digit(raw.charAt(i), 16) : -1;
            if (digit < 0) {
                throw new JsonSyntaxException("invalid escape in a string");
            }
            value = value * 16 + digit;
        }
        return (char) value;
    }

    /** Consumes a number, {@code true}, {@code false} or {@code null} and returns it as it stands. */
    String word() {
        byte first = peek();
        int start = position;
        while (position < end && isWordByte(text[position])) {
            position++;
        }
        if (start == position || first == '+' || first == '.') {
            throw unexpected("a value");
        }
        return new String(text, start, position - start, StandardCharsets.US_ASCII);
    }

    private static boolean isWordByte(byte b) {
        return (b >= '0' && b <= '9')
                || (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || b == '-'
                || b == '+'
                || b == '.';
    }

    /** Consumes {@code null} if it comes next. */
    boolean skipNull() {
        if (peek() != 'n') {
            return false;
        }
        if (!word().equals("null")) {
            throw unexpected("a value");
        }
        return true;
    }

    /** Consumes any value, checking its syntax. */
    void skipValue() {
        switch (peek()) {
            case '{' -> skipObject();
            case '[' -> skipArray();
            case '"' -> string();
            default -> JsonNumbers.checkWord(word());
        }
    }

    private void skipObject() {
        enter('{');
        if (leave('}')) {
            return;
        }
        do {
            peek();
            string();
            expect(':');
            skipValue();
        } while (skip(','));
        if (!leave('}')) {
            throw unexpected("',' or '}'");
        }
    }

    private void skipArray() {
        enter('[');
        if (leave(']')) {
            return;
        }
        do {
            skipValue();
        } while (skip(','));
        if (!leave(']')) {
            throw unexpected("',' or ']'");
        }
    }

    /** Input that is not JSON, or JSON that does not fit the message. Its text is shown to the caller. */
    static final class JsonSyntaxException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        JsonSyntaxException(String message) {
            super(message, null, false, false);
        }
    }
}
