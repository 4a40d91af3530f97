package io.quorate.config;

import java.util.regex.Pattern;

/** Values of settings as operators see them. Secrets have files of their own; should one be written as a value all the same, it is not shown. */
final class ShownValue {

    private static final String MASKED = "******";
    private static final Pattern SECRET =
            Pattern.compile("(^|.*[.-])(password|secret|credentials|(access|secret|api|encryption)-key)");

    /** What stands before the host of a URL. */
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/?#,\\s]*(?=@)");

    private ShownValue() {}

    /**
     * The value, or asterisks in its place.
     *
     * @param name of the setting
     */
    static String of(String name, String value) {
        if (SECRET.matcher(name).matches()) {
            return value.isEmpty() ? value : MASKED;
        }
        return USER_INFO.matcher(value).replaceAll(MASKED);
    }
}
