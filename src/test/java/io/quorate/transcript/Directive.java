package io.quorate.transcript;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One command of a transcript.
 *
 * @param line where it stands, from 1 on
 * @param text the command as written
 * @param command its first word
 * @param arguments the rest
 * @param input the text between the command and the separator
 * @param expected the text that it must produce
 * @param outputLine where that text begins, from 0 on
 * @param outputLines how many lines it has
 */
record Directive(
        int line,
        String text,
        String command,
        List<Argument> arguments,
        String input,
        String expected,
        int outputLine,
        int outputLines) {

    /** One argument; a flag has no values. */
    record Argument(String key, List<String> values) {}

    /** The values of a key, or null if it is not given. */
    @Nullable
    List<String> values(String key) {
        for (Argument argument : arguments) {
            if (argument.key().equals(key)) {
                return argument.values();
            }
        }
        return null;
    }

    @Nullable
    String value(String key) {
        List<String> values = values(key);
        return values == null || values.isEmpty() ? null : values.getFirst();
    }

    boolean flag(String key) {
        return "true".equals(value(key));
    }

    long number(String key, long otherwise) {
        String value = value(key);
        return value == null ? otherwise : Long.parseLong(value);
    }

    /** The ids of a list; empty if the key is not given. */
    List<Long> ids(String key) {
        List<String> values = values(key);
        return values == null
                ? List.of()
                : values.stream()
                        .filter(value -> !value.isEmpty())
                        .map(Long::parseLong)
                        .toList();
    }

    /** The arguments without values, in order. */
    List<String> positional() {
        return arguments.stream()
                .filter(argument -> argument.values().isEmpty())
                .map(Argument::key)
                .toList();
    }

    long id(int position) {
        return Long.parseLong(positional().get(position));
    }

    /** Splits {@code key}, {@code key=value} and {@code key=(a,b, c)}; parentheses may nest. */
    static List<Argument> parseArguments(String text) {
        List<Argument> arguments = new ArrayList<>();
        int position = 0;
        while (position < text.length()) {
            if (text.charAt(position) == ' ') {
                position++;
                continue;
            }
            int end = endOfArgument(text, position);
            arguments.add(argument(text.substring(position, end)));
            position = end;
        }
        return arguments;
    }

    private static int endOfArgument(String text, int start) {
        int depth = 0;
        int position = start;
        for (; position < text.length(); position++) {
            char c = text.charAt(position);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == ' ' && depth == 0) {
                break;
            }
        }
        return position;
    }

    private static Argument argument(String text) {
        int separator = text.indexOf('=');
        if (separator < 0) {
            return new Argument(text, List.of());
        }
        String key = text.substring(0, separator);
        String value = text.substring(separator + 1);
        if (!value.startsWith("(")) {
            return new Argument(key, List.of(value));
        }
        return new Argument(key, splitList(value.substring(1, value.length() - 1)));
    }

    private static List<String> splitList(String text) {
        List<String> values = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ',' : text.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == ',' && (depth == 0 || i == text.length())) {
                values.add(text.substring(start, i).stripLeading());
                start = i + 1;
            }
        }
        return values;
    }
}
