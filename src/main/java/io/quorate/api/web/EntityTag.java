package io.quorate.api.web;

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

    /** Whether a field {@code If-None-Match}, which may have a list, has the tag of a revision: then the client has it. */
    static boolean names(@Nullable String value, long revision) {
        if (value == null) {
            return false;
        }
        for (String tag : value.split(",", -1)) {
            String bare = tag.strip();
            if (bare.equals("*") || (bare.startsWith("W/") ? bare.substring(2) : bare).equals(of(revision))) {
                return true;
            }
        }
        return false;
    }
}
