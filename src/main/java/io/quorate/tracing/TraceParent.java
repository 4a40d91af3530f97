package io.quorate.tracing;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The span of the client that makes a call, from its field {@code traceparent} (W3C Trace Context).
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits
 * @param sampled whether the client keeps its own spans of the trace
 */
record TraceParent(String traceId, String spanId, boolean sampled) {

    /** Later versions may have more behind this. */
    private static final Pattern FORM =
            Pattern.compile("(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    private static final int LENGTH_MAX = 512;
    private static final int HEX = 16;

    /** What a field says; null if it says nothing that can be understood, which counts as no field. */
    static @Nullable TraceParent parse(@Nullable String field) {
        if (field == null || field.length() > LENGTH_MAX) {
            return null;
        }
        Matcher form = FORM.matcher(field);
        if (!form.matches() || form.group(1).equals("00") && form.group(5) != null) {
            return null;
        }
        return new TraceParent(form.group(2), form.group(3), (Integer.parseInt(form.group(4), HEX) & 1) == 1);
    }
}
