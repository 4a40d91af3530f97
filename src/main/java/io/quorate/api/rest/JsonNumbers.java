package io.quorate.api.rest;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;

/** How JSON spells integers: plain digits in nearly every case, but also {@code 1e3} and {@code 5.0}. */
final class JsonNumbers {

    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    /** No integer of 64 bits needs more; a larger exponent would only make the conversion expensive. */
    private static final int LENGTH_MAX = 40;

    private static final BigInteger UNSIGNED_64_END = BigInteger.ONE.shiftLeft(64);

    private JsonNumbers() {}

    /** Checks that a bare word is a number or one of the three literals. */
    static void checkWord(String word) {
        if (!word.equals("true")
                && !word.equals("false")
                && !word.equals("null")
                && !NUMBER.matcher(word).matches()) {
            throw new JsonSyntaxException("\"" + shortened(word) + "\" is not a JSON value");
        }
    }

    /** A signed integer of the given width, 32 or 64 bits. */
    static long signed(String text, int bits, String field) {
        BigInteger value = integer(text, field);
        if (value.bitLength() >= bits) {
            throw invalid(text, field);
        }
        return value.longValue();
    }

    /** An unsigned integer of the given width, 32 or 64 bits, in the bits of a long. */
    static long unsigned(String text, int bits, String field) {
        BigInteger value = integer(text, field);
        BigInteger end = bits == 64 ? UNSIGNED_64_END : BigInteger.ONE.shiftLeft(bits);
        if (value.signum() < 0 || value.compareTo(end) >= 0) {
            throw invalid(text, field);
        }
        return value.longValue();
    }

    private static BigInteger integer(String text, String field) {
        if (isPlain(text)) {
            return BigInteger.valueOf(Long.parseLong(text));
        }
        if (text.length() > LENGTH_MAX || !NUMBER.matcher(text).matches()) {
            throw invalid(text, field);
        }
        BigDecimal value = new BigDecimal(text);
        if (value.scale() < -LENGTH_MAX || value.scale() > LENGTH_MAX) {
            throw invalid(text, field);
        }
        try {
            return value.toBigIntegerExact();
        } catch (ArithmeticException e) {
            throw invalid(text, field); // it has a fraction
        }
    }

    /** At most 18 digits, perhaps a minus: fits a long and needs no further check. */
    private static boolean isPlain(String text) {
        int from = text.startsWith("-") ? 1 : 0;
        int digits = text.length() - from;
        if (digits < 1 || digits > 18 || (digits > 1 && text.charAt(from) == '0')) {
            return false;
        }
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    static JsonSyntaxException invalid(String text, String field) {
        return new JsonSyntaxException("invalid value for field " + field + ": " + shortened(text));
    }

    private static String shortened(String text) {
        return text.length() <= LENGTH_MAX ? text : text.substring(0, LENGTH_MAX) + "...";
    }
}
