package io.quorate.api.web;

import com.google.protobuf.ByteString;
import io.quorate.api.port.KeyPath;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values as text. What is UTF-8 is shown as it is, everything else in base64; what is sent may also be in hexadecimal.
 *
 * @param text the bytes in that encoding
 * @param encoding {@link #TEXT} or {@link #BASE64}
 */
record ByteText(String text, String encoding) {

    static final String TEXT = "text";
    static final String BASE64 = "base64";
    private static final String HEX = "hex";

    static ByteText of(ByteString bytes) {
        String text = utf8(bytes);
        return text == null
                ? new ByteText(Base64.getEncoder().encodeToString(bytes.toByteArray()), BASE64)
                : new ByteText(text, TEXT);
    }

    static @Nullable String utf8(ByteString bytes) {
        if (!bytes.isValidUtf8()) {
            return null;
        }
        return bytes.toStringUtf8();
    }

    /**
     * The bytes that a text stands for.
     *
     * @param encoding null means {@link #TEXT}
     * @param field that holds the text
     * @throws Problem if it stands for none
     */
    static ByteString bytes(String text, @Nullable String encoding, String field) {
        try {
            return switch (encoding == null ? TEXT : encoding) {
                case TEXT -> encoded(text);
                case BASE64 ->
                    ByteString.copyFrom(
                            Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/')));
                case HEX -> ByteString.copyFrom(HexFormat.of().parseHex(text));
                default -> throw Problem.field(encodingOf(field), "one of text, base64, hex");
            };
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw Problem.field(field, "not in the encoding " + (encoding == null ? TEXT : encoding));
        }
    }

    /** Half a surrogate pair has no bytes. */
    private static ByteString encoded(String text) throws CharacterCodingException {
        ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(java.nio.CharBuffer.wrap(text));
        return ByteString.copyFrom(bytes);
    }

    private static String encodingOf(String field) {
        return field.endsWith("value")
                ? field.substring(0, field.length() - "value".length()) + "encoding"
                : field.equals("path") ? "encoding" : field + "_encoding";
    }

    /**
     * The key that a path ends with.
     *
     * @param segment as {@link KeyPath} packs it
     * @param encoding of what was sent, null for the bytes themselves
     */
    static ByteString fromPath(String segment, @Nullable String encoding) {
        ByteString sent;
        try {
            sent = ByteString.copyFrom(KeyPath.unpacked(segment));
        } catch (IllegalArgumentException e) {
            throw Problem.field("path", "a percent sign without two hexadecimal digits");
        }
        return encoding == null || encoding.equals(TEXT)
                ? sent
                : bytes(sent.toString(StandardCharsets.ISO_8859_1), encoding, "path");
    }

    /**
     * The name that a path ends with, of a lock or an election.
     *
     * @throws Problem if it is empty: its queue would be that of all names
     */
    static ByteString nameFromPath(String segment, @Nullable String encoding) {
        ByteString name = fromPath(segment, encoding);
        if (name.isEmpty()) {
            throw Problem.field("path", "the name is missing");
        }
        return name;
    }

    /** Behind all keys that begin so, in the form of a range request: the zero byte if nothing is behind them. */
    static ByteString prefixEnd(ByteString prefix) {
        for (int i = prefix.size() - 1; i >= 0; i--) {
            if (prefix.byteAt(i) != (byte) 0xff) {
                return prefix.substring(0, i).concat(ByteString.copyFrom(new byte[] {(byte) (prefix.byteAt(i) + 1)}));
            }
        }
        return ALL;
    }

    /** The first of all keys, and the end of their range. */
    static final ByteString ALL = ByteString.copyFrom(new byte[1]);
}
