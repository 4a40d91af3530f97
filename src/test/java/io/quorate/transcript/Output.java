package io.quorate.transcript;

import io.quorate.raft.RaftLogger;
import io.quorate.transcript.Environment.CommandFailedException;
import java.util.List;
import java.util.Locale;

/** The one place where the lines of all cores and of the commands themselves end up, in the order of their creation. */
final class Output implements RaftLogger {

    private static final List<String> LEVELS = List.of("DEBUG", "INFO", "WARN", "ERROR", "FATAL", "NONE");

    private StringBuilder text = new StringBuilder();
    private int level;

    /** Sets what is shown, and returns what was before. */
    String setLevel(String name) {
        int found = LEVELS.indexOf(name.toUpperCase(Locale.ROOT));
        if (found < 0) {
            throw new CommandFailedException("log levels must be either of [" + String.join(" ", LEVELS) + "]");
        }
        String before = LEVELS.get(level);
        level = found;
        return before;
    }

    boolean isSilent() {
        return level == LEVELS.indexOf("NONE");
    }

    void print(String part) {
        if (!isSilent()) {
            text.append(part);
        }
    }

    void println(String line) {
        print(line + "\n");
    }

    /** Runs a step and indents all lines that it produced. */
    void indented(Runnable step) {
        StringBuilder outer = text;
        text = new StringBuilder();
        step.run();
        String inner = text.toString();
        text = outer;
        inner.lines().forEach(line -> println("  " + line));
    }

    /** Takes the text of a command. */
    String take() {
        String taken = text.toString();
        text = new StringBuilder();
        return taken;
    }

    @Override
    public boolean isLoggable(Level line) {
        return LEVELS.indexOf(line.name()) >= level;
    }

    @Override
    public void log(Level line, String message) {
        println(line + " " + message);
    }
}
