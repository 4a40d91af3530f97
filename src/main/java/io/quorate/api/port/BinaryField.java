package io.quorate.api.port;

import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The values of a field whose name ends with {@code -bin}: bytes in base64, padded or not, several of them with commas between. What
 * is none of that is described as etcd does it.
 */
final class BinaryField {

    private static final AsciiString SUFFIX = AsciiString.of("-bin");
    private static final int QUANTUM = 4;

    /** A value takes many times the memory of the comma before it. */
    private static final int VALUES_MAX = 64;

    private BinaryField() {}

    /** Whether values of a field with this name are binary. */
    static boolean isNamedBy(AsciiString name) {
        return name.endsWith(SUFFIX);
    }

    /**
     * The values, at most 64.
     *
     * @throws IllegalArgumentException if one of them is no base64, or there are more
     */
    static List<byte[]> values(String text) {
        String[] parts = text.split(",", VALUES_MAX); // the last one has what is left
        List<byte[]> values = new ArrayList<>(parts.length);
        for (String each : parts) {
            values.add(Base64.getDecoder().decode(each.strip()));
        }
        return values;
    }

    /** What is wrong with values that are none. */
    static String mistake(String name, String text) {
        return "malformed binary metadata " + RequestFields.quoted(text) + " in header " + RequestFields.quoted(name)
                + ": illegal base64 data at input byte " + corruptAt(text);
    }

    /**
     * Where base64 ends in a text that is none as a whole. Etcd takes a text for padded if its length is that of whole quanta, and takes
     * no padding otherwise.
     */
    static int corruptAt(String text) {
        boolean padded = text.length() % QUANTUM == 0;
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (!isDigit(next)) {
                boolean padding = padded && next == '=' && i % QUANTUM >= 2;
                return padding ? corruptPadding(text, i) : i;
            }
        }
        return text.length() - text.length() % QUANTUM;
    }

    private static int corruptPadding(String text, int first) {
        boolean two = first % QUANTUM == 2;
        if (two && first + 1 < text.length() && text.charAt(first + 1) != '=') {
            return first;
        }
        return Math.min(text.length(), first + (two ? 2 : 1));
    }

    private static boolean isDigit(char next) {
        return next >= 'A' && next <= 'Z'
                || next >= 'a' && next <= 'z'
                || next >= '0' && next <= '9'
                || next == '+'
                || next == '/';
    }
}
