package io.quorate.api.rest;

import io.quorate.api.rest.JsonCursor.JsonSyntaxException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.function.Supplier;
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
    static long signed(String text, int bits, Supplier<JsonSyntaxException> refusal) {
        BigInteger value = integer(text, refusal);
        if (value.bitLength() >= bits) {
            throw refusal.get();
        }
        return value.longValue();
    }

    /** An unsigned integer of the given width, 32 or 64 bits, in the bits of a long. */
    static long unsigned(String text, int bits, Supplier<JsonSyntaxException> refusal) {
        BigInteger value = integer(text, refusal);
        BigInteger end = bits == 64 ? UNSIGNED_64_END : BigInteger.ONE.shiftLeft(bits);
        if (value.signum() < 0 || value.compareTo(end) >= 0) {
            throw refusal.get();
        }
        return value.longValue();
    }

    private static BigInteger integer(String text, Supplier<JsonSyntaxException> refusal) {
        if (isPlain(text)) {
            return BigInteger.valueOf(Long.parseLong(text));
        }
        if (text.length() > LENGTH_MAX || !NUMBER.matcher(text).matches()) {
            throw refusal.get();
        }
        BigDecimal value = new BigDecimal(text);
        if (value.scale() < -LENGTH_MAX || value.scale() > LENGTH_MAX) {
            throw refusal.get();
        }
        try {
            return value.toBigIntegerExact();
        } catch (ArithmeticException e) {
            throw refusal.get(); // it has a fraction
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

    /** The number that a string holds: as in etcd, what follows it behind a sign that ends numbers does not matter. */
    static String inString(String text) {
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            boolean partOfNumber = Character.isLetterOrDigit(next) || "+-._".indexOf(next) >= 0;
            if (!partOfNumber) {
                return text.charAt(text.length() - 1) <= ' ' ? text : text.substring(0, i);
            }
        }
        return text;
    }

    private static String shortened(String text) {
        return text.length() <= LENGTH_MAX ? text : text.substring(0, LENGTH_MAX) + "...";
    }
}
