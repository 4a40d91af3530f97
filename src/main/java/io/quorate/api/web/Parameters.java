package io.quorate.api.web;

import org.jspecify.annotations.Nullable;

/** Values of parameters, with their mistakes told by name. */
final class Parameters {

    private static final int ID_DIGITS_MAX = 16;
    private static final int HEX = 16;

    private Parameters() {}

    /** A flag: there without a value, or true or false. */
    static boolean flag(String name, @Nullable String value) {
        return switch (value == null ? "false" : value) {
            case "", "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw Problem.field(name, "true or false");
        };
    }

    /** A text that must be there. */
    static String given(String name, @Nullable String value) {
        if (value == null) {
            throw Problem.field(name, "missing");
        }
        return value;
    }

    /** The name of a user or role to be, which is a segment of paths from then on. */
    static String newName(@Nullable String value) {
        String name = given("name", value);
        if (name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0) {
            throw Problem.field("name", "a dot, two dots or a zero character cannot be part of a path");
        }
        return name;
    }

    /** A number within bounds. */
    static long within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw Problem.field(name, "between " + least + " and " + most);
        }
        return value;
    }

    /** A number that is not negative. */
    static long notNegative(String name, long value) {
        if (value < 0) {
            throw Problem.field(name, "must not be negative");
        }
        return value;
    }

    /** A number that is positive. */
    static long positive(String name, long value) {
        if (value <= 0) {
            throw Problem.field(name, "must be positive");
        }
        return value;
    }

    /** An id of a lease or member in hexadecimal, as etcd's tools write it; 0 if it is not given, which cannot be written so. */
    static long id(String name, @Nullable String value) {
        if (value == null) {
            return 0;
        }
        if (value.length() > ID_DIGITS_MAX) {
            throw Problem.field(name, "at most 16 hexadecimal digits");
        }
        try {
            long id = Long.parseUnsignedLong(value, HEX);
            if (id == 0) {
                throw Problem.field(name, "0 is no id");
            }
            return id;
        } catch (NumberFormatException e) {
            throw Problem.field(name, "hexadecimal digits");
        }
    }

    /** An id as it is written; null for 0, which is none. */
    static @Nullable String hex(long id) {
        return id == 0 ? null : Long.toHexString(id);
    }
}
