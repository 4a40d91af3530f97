package io.quorate.audit;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** One record as one line of JSON. */
final class AuditLine {

    private static final char FIRST_PRINTABLE = ' ';

    private final StringBuilder line;

    private AuditLine(StringBuilder line) {
        this.line = line;
    }

    /** Appends a line with its end. */
    static void append(StringBuilder text, Instant time, String member, AuditRecord record) {
        new AuditLine(text).write(time, member, record);
    }

    private void write(Instant time, String member, AuditRecord record) {
        line.append("{\"time\":\"")
                .append(DateTimeFormatter.ISO_INSTANT.format(time))
                .append('"');
        field("member", member);
        field("client", record.client());
        field("user", record.user());
        field("origin", record.origin());
        field("call", record.call());
        field("subject", record.subject());
        if (!record.ranges().isEmpty()) {
            ranges(record);
        }
        field("code", record.code());
        if (record.revision() > 0) {
            line.append(",\"revision\":").append(record.revision());
        }
        line.append("}\n");
    }

    private void ranges(AuditRecord record) {
        line.append(",\"keys\":[");
        String comma = "";
        for (AuditedRange range : record.ranges()) {
            line.append(comma).append('{');
            key("key", range.key());
            AuditedRange.Text end = range.end();
            if (end != null) {
                line.append(',');
                key("range_end", end);
            }
            line.append('}');
            comma = ",";
        }
        line.append(']');
        if (record.omitted() > 0) {
            line.append(",\"keys_omitted\":").append(record.omitted());
        }
    }

    private void key(String name, AuditedRange.Text key) {
        line.append('"').append(name).append(key.base64() ? "_base64\":" : "\":");
        quoted(key.text());
        if (key.isCut()) {
            line.append(",\"").append(name).append("_bytes\":").append(key.bytes());
        }
    }

    private void field(String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            line.append(",\"").append(name).append("\":");
            quoted(value);
        }
    }

    private void quoted(String text) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next == '"' || next == '\\') {
                line.append('\\').append(next);
            } else if (next < FIRST_PRINTABLE) {
                line.append("\\u00")
                        .append(Character.forDigit(next >> 4, 16))
                        .append(Character.forDigit(next & 15, 16));
            } else {
                line.append(next);
            }
        }
        line.append('"');
    }
}
