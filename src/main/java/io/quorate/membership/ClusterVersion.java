package io.quorate.membership;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A version as clusters agree on it: major and minor count, the rest is zero. */
public record ClusterVersion(int major, int minor) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})(\\.\\d{1,6}([-+].*)?)?");

    /** Reads {@code 3.7}, {@code 3.7.0} or a longer semantic version; null if it is none. */
    public static @Nullable ClusterVersion parse(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? new ClusterVersion(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)))
                : null;
    }

    /** Whether this comes before another version. */
    public boolean isBelow(ClusterVersion other) {
        return major < other.major || (major == other.major && minor < other.minor);
    }

    /** Whether this is the only version that a cluster of the given one can be taken back to. */
    public boolean isJustBelow(ClusterVersion other) {
        return major == other.major && minor == other.minor - 1;
    }

    /** Major and minor alone, as {@code 3.7}. */
    public String brief() {
        return major + "." + minor;
    }

    /** With the zero, as {@code 3.7.0}, which is how it is agreed on. */
    @Override
    public String toString() {
        return brief() + ".0";
    }
}
