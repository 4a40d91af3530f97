package io.quorate.transcript;

import java.util.List;

/** Two texts side by side as lines: {@code -} is missing, {@code +} is too much. */
final class Difference {

    private Difference() {}

    /** All lines between the common beginning and the common end, marked. */
    static String of(String expected, String actual) {
        List<String> wanted = expected.lines().toList();
        List<String> found = actual.lines().toList();
        int shorter = Math.min(wanted.size(), found.size());
        int start = 0;
        while (start < shorter && wanted.get(start).equals(found.get(start))) {
            start++;
        }
        int end = 0;
        while (end < shorter - start && wanted.get(wanted.size() - 1 - end).equals(found.get(found.size() - 1 - end))) {
            end++;
        }
        StringBuilder text = new StringBuilder("\n");
        append(text, "  ", wanted.subList(0, start));
        append(text, "- ", wanted.subList(start, wanted.size() - end));
        append(text, "+ ", found.subList(start, found.size() - end));
        append(text, "  ", wanted.subList(wanted.size() - end, wanted.size()));
        return text.toString();
    }

    private static void append(StringBuilder text, String mark, List<String> lines) {
        lines.forEach(line -> text.append(mark).append(line).append('\n'));
    }
}
