package io.quorate.config.etcd;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A whole number in the notation of Go's source text, which etcd's flags take: {@code 1000}, {@code 1_000}, {@code 0x3e8},
 * {@code 0b11}, {@code 0o17}, and {@code 017} for the same.
 */
final class GoInteger {

    private static final Pattern SHAPE = Pattern.compile(
            "([+-]?)(?:0[xX]((?:_?[0-9a-fA-F])+)|0[bB]((?:_?[01])+)" + "|0[oO]?((?:_?[0-7])+)|([1-9](?:_?[0-9])*|0))");

    /** The bases of the groups of the pattern, from the second on. */
    private static final int[] BASES = {16, 2, 8, 10};

    private GoInteger() {}

    /** @throws IllegalArgumentException if the text is no such number, or does not fit into 64 bits with a sign */
    static long parse(String text) {
        Matcher shape = SHAPE.matcher(text);
        if (!shape.matches()) {
            throw new IllegalArgumentException("no whole number: " + text);
        }
        BigInteger number = BigInteger.ZERO;
        for (int i = 0; i < BASES.length; i++) {
            String digits = shape.group(i + 2);
            if (digits != null) {
                number = new BigInteger(digits.replace("_", ""), BASES[i]);
            }
        }
        if (shape.group(1).equals("-")) {
            number = number.negate();
        }
        if (number.bitLength() > Long.SIZE - 1) {
            throw new IllegalArgumentException("more than 64 bits: " + text);
        }
        return number.longValue();
    }
}
