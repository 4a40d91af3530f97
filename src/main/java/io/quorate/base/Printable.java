package io.quorate.base;

import java.util.HexFormat;

/**
 * Bytes of clients in a form that is safe in a line of the log: on one line, short, and nothing in them looks like the text
 * around them.
 */
public final class Printable {

    /** More bytes than this are cut off. */
    public static final int BYTES_MAX = 64;

    private static final int FIRST_UNPRINTABLE = 0x7f;
    private static final HexFormat HEX = HexFormat.of();

    private Printable() {}

    /** The bytes in quotes: printable ASCII as it is, all else as {@code \x00}, with {@code ...} behind what was cut off. */
    public static String quoted(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length + 2).append('"');
        for (int i = 0; i < Math.min(bytes.length, BYTES_MAX); i++) {
            int next = bytes[i] & 0xff;
            if (next == '"' || next == '\\') {
                text.append('\\').append((char) next);
            } else if (next >= ' ' && next < FIRST_UNPRINTABLE) {
                text.append((char) next);
            } else {
                text.append("\\x").append(HEX.toHexDigits((byte) next));
            }
        }
        return text.append(bytes.length > BYTES_MAX ? "\"..." : "\"").toString();
    }
}
