package io.quorate.config.etcd;

import io.quorate.config.GoDuration;
import java.util.Set;

/** How the value of a flag is written in etcd, and how Spring wants it. */
enum ValueKind {
    TEXT {
        @Override
        String convert(String value) {
            return value;
        }
    },
    /** A flag that needs no value: alone it means true. */
    SWITCH {
        @Override
        String convert(String value) {
            if (TRUE.contains(value)) {
                return "true";
            }
            if (FALSE.contains(value)) {
                return "false";
            }
            throw new IllegalArgumentException("must be true or false");
        }
    },
    NUMBER {
        @Override
        String convert(String value) {
            return whole(value, "must be a whole number");
        }
    },
    /** A whole number of milliseconds without a unit. */
    MILLISECONDS {
        @Override
        String convert(String value) {
            return whole(value, "must be a whole number of milliseconds") + "ms";
        }
    },
    /** A whole number of seconds without a unit. */
    SECONDS {
        @Override
        String convert(String value) {
            return whole(value, "must be a whole number of seconds") + "s";
        }
    },
    /** A duration as Go writes it, in several units if need be. */
    DURATION {
        @Override
        String convert(String value) {
            return GoDuration.parse(value).toString();
        }
    },
    /** Hours or revisions as a bare number, or a duration. */
    RETENTION {
        @Override
        String convert(String value) {
            return value.isEmpty() || value.matches("\\d+") ? value : DURATION.convert(value);
        }
    };

    /** What Go's flag package takes for a truth value. */
    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");

    private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

    /**
     * The value as Spring reads it.
     *
     * @throws IllegalArgumentException saying what the value must be
     */
    abstract String convert(String value);

    private static String whole(String value, String problem) {
        try {
            return Long.toString(GoInteger.parse(value));
        } catch (IllegalArgumentException bad) {
            throw new IllegalArgumentException(problem, bad);
        }
    }
}
