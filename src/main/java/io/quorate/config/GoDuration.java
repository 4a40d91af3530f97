package io.quorate.config;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A duration in the notation of Go, such as {@code 1h30m} or {@code 1.5s}. Spring knows one unit at a time, so the text of
 * it is in the largest unit that divides it.
 *
 * @param nanoseconds may be negative
 */
public record GoDuration(long nanoseconds) {

    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)");
    private static final Pattern WHOLE = Pattern.compile("([+-]?)((?:" + PART.pattern() + ")+)");
    private static final Map<String, Long> UNITS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "\u00b5s", 1_000L, // the sign for micro, and the letter of the alphabet that looks like it
            "\u03bcs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);

    /** @throws IllegalArgumentException saying how a duration is written */
    public static GoDuration parse(String text) {
        if (text.matches("[+-]?0")) {
            return new GoDuration(0);
        }
        Matcher whole = WHOLE.matcher(text);
        if (!whole.matches()) {
            throw new IllegalArgumentException("must be a duration such as 100ms, 5s or 1h30m");
        }
        BigDecimal sum = PART.matcher(whole.group(2))
                .results()
                .map(part -> new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit(part.group(2)))))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        if (sum.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("must be a duration of less than 292 years");
        }
        return new GoDuration(whole.group(1).equals("-") ? -sum.longValue() : sum.longValue());
    }

    private static long unit(String name) {
        Long nanoseconds = UNITS.get(name);
        if (nanoseconds == null) {
            throw new IllegalStateException("the pattern lets pass a unit that is not known: " + name);
        }
        return nanoseconds;
    }

    @Override
    public String toString() {
        for (String name : new String[] {"h", "m", "s", "ms", "us"}) {
            if (nanoseconds % unit(name) == 0) {
                return nanoseconds / unit(name) + name;
            }
        }
        return nanoseconds + "ns";
    }
}
