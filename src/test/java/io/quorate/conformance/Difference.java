package io.quorate.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * Where two answers to one program differ first.
 *
 * @param program what was run
 * @param step the index of the step; one after the last for what watchers saw; -1 for the revision at the beginning
 * @param fields one line for each field, with both values
 */
record Difference(Program program, int step, List<String> fields) {

    /** In an expected answer: something must be there, whatever it is. */
    static final String ANYTHING = "(anything)";

    private static final String ABSENT = "absent";

    /** Prints the program with the place that matters. */
    String print() {
        StringBuilder text = new StringBuilder("Program of seed " + program.seed() + ":\n");
        for (int i = 0; i < program.steps().size(); i++) {
            text.append(i == step ? "  >> " : "     ")
                    .append(shortened(program.steps().get(i).toString()))
                    .append('\n');
        }
        text.append(
                        step < 0
                                ? "  at its beginning"
                                : step == program.steps().size() ? "  in what the watchers saw" : "  at step " + step)
                .append(" (expected | got):\n");
        fields.forEach(field -> text.append("     ").append(field).append('\n'));
        return text.toString();
    }

    private static String shortened(String text) {
        return text.length() <= 2_000 ? text : text.substring(0, 2_000) + "... (" + text.length() + " characters)";
    }

    /** The lines of all fields that differ. */
    static List<String> between(JsonNode expected, JsonNode actual) {
        List<String> lines = new ArrayList<>();
        compare("", expected, actual, lines);
        return lines;
    }

    private static void compare(String path, JsonNode expected, JsonNode actual, List<String> lines) {
        if (expected.isObject() && actual.isObject()) {
            TreeSet<String> names = new TreeSet<>(expected.propertyNames());
            names.addAll(actual.propertyNames());
            names.forEach(name -> compare(path + "/" + name, expected.path(name), actual.path(name), lines));
        } else if (expected.isArray() && actual.isArray()) {
            for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
                compare(path + "/" + i, expected.path(i), actual.path(i), lines);
            }
        } else if (!text(expected).equals(text(actual)) && !isAnything(expected, actual)) {
            lines.add(path + ": " + text(expected) + " | " + text(actual));
        }
    }

    private static boolean isAnything(JsonNode expected, JsonNode actual) {
        return expected.asString("").equals(ANYTHING) && !actual.isMissingNode();
    }

    private static String text(JsonNode node) {
        return node.isMissingNode() ? ABSENT : node.toString();
    }
}
