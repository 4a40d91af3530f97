package io.quorate.transcript;

import java.util.ArrayList;
import java.util.List;

/** Reads the directives of a transcript. Comments stand only between directives. */
final class TranscriptParser {

    private static final String SEPARATOR = "----";

    private final List<String> lines;
    private int next;

    private TranscriptParser(String text) {
        this.lines = text.lines().toList();
    }

    static List<Directive> parse(String text) {
        return new TranscriptParser(text).parseAll();
    }

    private List<Directive> parseAll() {
        List<Directive> directives = new ArrayList<>();
        while (next < lines.size()) {
            int line = next + 1;
            String text = lines.get(next++).strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            while (text.endsWith("\\")) {
                text = text.substring(0, text.length() - 1) + " "
                        + lines.get(next++).strip();
            }
            String command = text.split(" ", 2)[0];
            if (!command.equals("subtest")) {
                directives.add(directive(line, text, command));
            }
        }
        return directives;
    }

    private Directive directive(int line, String text, String command) {
        List<Directive.Argument> arguments = Directive.parseArguments(text.substring(command.length()));
        String input = input();
        int outputLine = next;
        String expected = expected();
        return new Directive(line, text, command, arguments, input, expected, outputLine, next - outputLine);
    }

    private String input() {
        List<String> input = new ArrayList<>();
        while (next < lines.size() && !lines.get(next).equals(SEPARATOR)) {
            input.add(lines.get(next++));
        }
        next++;
        return String.join("\n", input).strip();
    }

    private String expected() {
        StringBuilder expected = new StringBuilder();
        if (next < lines.size() && lines.get(next).equals(SEPARATOR)) {
            next++;
            while (!isSeparator(next) || !isSeparator(next + 1)) {
                expected.append(lines.get(next++)).append('\n');
            }
            next += 2;
        } else {
            while (next < lines.size() && !lines.get(next).isBlank()) {
                expected.append(lines.get(next++)).append('\n');
            }
        }
        return expected.toString();
    }

    private boolean isSeparator(int line) {
        return lines.get(line).equals(SEPARATOR);
    }
}
