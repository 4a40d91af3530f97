package io.quorate.api.web;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client demands by {@code If-Match} or {@code If-None-Match}: a version of a key, by the revision of its last change, or any.
 *
 * @param any whether any version is meant
 * @param revision the version; not looked at if any is meant
 */
record EntityTag(boolean any, long revision) {

    /** The field of a version. */
    static String of(long revision) {
        return "\"" + revision + "\"";
    }

    /**
     * The one tag in a field of a request that changes something; null if there is no such field.
     *
     * @throws Problem if it is something else, which cannot have come from here
     */
    static @Nullable EntityTag parse(String field, @Nullable String value) {
        if (value == null) {
            return null;
        }
        String tag = value.strip();
        if (tag.equals("*")) {
            return new EntityTag(true, 0);
        }
        boolean quoted = tag.length() > 2 && tag.startsWith("\"") && tag.endsWith("\"");
        try {
            long revision = Long.parseLong(quoted ? tag.substring(1, tag.length() - 1) : tag);
            if (revision >= 0) {
                return new EntityTag(false, revision);
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw Problem.field(field, "one ETag of this API, or *");
    }

    /**
     * Whether one of the tags of a request that reads stands for what is there.
     *
     * @param values of all fields of the name, each with a list of tags
     * @param current the tag of what is there; null if it has none
     * @param weak whether a weak tag stands for it too, as in {@code If-None-Match}
     */
    static boolean matches(List<String> values, @Nullable String current, boolean weak) {
        return values.stream()
                .flatMap(list -> Arrays.stream(list.split(",", -1)))
                .map(String::strip)
                .map(tag -> weak && tag.startsWith("W/") ? tag.substring(2) : tag)
                .anyMatch(tag -> tag.equals("*") || tag.equals(current));
    }
}
