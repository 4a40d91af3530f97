package io.quorate.backup.store;

import java.util.regex.Pattern;

/** What names of objects look like. */
public final class ObjectName {

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)*");

    /** What file systems take in one part of a name. */
    private static final int PART_MAX = 255;

    private static final int LENGTH_MAX = 512;

    private ObjectName() {}

    /** Whether an object may have that name: another writer may have given it any. */
    public static boolean isValid(String name) {
        if (name.length() > LENGTH_MAX || !FORM.matcher(name).matches()) {
            return false;
        }
        for (String part : name.split("/", -1)) {
            if (part.length() > PART_MAX) {
                return false;
            }
        }
        return true;
    }

    /**
     * Lets only valid names pass.
     *
     * @throws IllegalArgumentException for any other
     */
    public static String check(String name) {
        if (!isValid(name)) {
            throw new IllegalArgumentException("no name of an object: " + name);
        }
        return name;
    }
}
