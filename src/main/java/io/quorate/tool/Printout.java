package io.quorate.tool;

import io.quorate.tool.Tool.ToolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One row of values in the formats of etcd's tools. */
final class Printout {

    private static final Set<String> FORMATS = Set.of("simple", "table", "json", "fields");
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    private static final int UNIT = 1000;

    private final List<Field> fields = new ArrayList<>();

    /** A value by its names, as each format writes it. */
    private record Field(String json, String column, String field, String exact, String shown, boolean isText) {}

    Printout number(String json, String column, String field, long value) {
        return number(json, column, field, value, Long.toString(value));
    }

    /** @param shown in the formats for people */
    Printout number(String json, String column, String field, long value, String shown) {
        fields.add(new Field(json, column, field, Long.toString(value), shown, false));
        return this;
    }

    Printout text(String json, String column, String field, String value) {
        fields.add(new Field(json, column, field, value, value, true));
        return this;
    }

    /** @throws ToolException if there is no such format */
    String in(String format) {
        checkFormat(format);
        return switch (format) {
            case "simple" -> join(", ", Field::shown);
            case "table" -> table();
            case "json" ->
                "{"
                        + join(
                                ",",
                                each -> "\"" + each.json + "\":"
                                        + (each.isText ? "\"" + each.exact + "\"" : each.exact))
                        + "}";
            default -> join("\n", each -> "\"" + each.field + "\" : " + each.exact);
        };
    }

    /**
     * Asked before there is anything to write, too, so that no work is done for nothing.
     *
     * @throws ToolException if there is no such format
     */
    static void checkFormat(String format) {
        if (format.equals("protobuf")) {
            throw new ToolException("protobuf not supported as output format", Command.BAD_FORMAT);
        }
        if (!FORMATS.contains(format)) {
            throw new ToolException(
                    "unsupported output format: --write-out=" + format + " is none of simple, table, json and fields.",
                    Command.BAD_FORMAT);
        }
    }

    private String table() {
        return line("┌", "┬", "┐") + "\n│ "
                + join(" │ ", each -> centred(each.column, width(each))) + " │\n"
                + line("├", "┼", "┤") + "\n│ "
                + join(" │ ", each -> " ".repeat(width(each) - each.shown.length()) + each.shown) + " │\n"
                + line("└", "┴", "┘");
    }

    private String line(String left, String between, String right) {
        return left + join(between, each -> "─".repeat(width(each) + 2)) + right;
    }

    private static int width(Field field) {
        return Math.max(field.column.length(), field.shown.length());
    }

    private static String centred(String text, int width) {
        int left = (width - text.length()) / 2;
        return " ".repeat(left) + text + " ".repeat(width - text.length() - left);
    }

    private String join(String between, Function<Field, String> written) {
        return fields.stream().map(written).collect(Collectors.joining(between));
    }

    /** Bytes in decimal units, with one digit behind the point below ten. */
    static String size(long bytes) {
        if (bytes < 10) {
            return bytes + " B";
        }
        int unit = (int) Math.floor(Math.log(bytes) / Math.log(UNIT));
        double value = Math.floor(bytes / Math.pow(UNIT, unit) * 10 + 0.5) / 10;
        return (value < 10 ? String.format(Locale.ROOT, "%.1f", value) : Long.toString((long) Math.rint(value))) + " "
                + UNITS[unit];
    }
}
