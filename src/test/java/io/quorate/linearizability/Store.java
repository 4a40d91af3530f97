package io.quorate.linearizability;

import java.util.HashMap;
import java.util.Map;

/**
 * The store that does one command at a time, against which all others are measured. Immutable.
 *
 * @param values the keys that are there
 */
public record Store(Map<String, Long> values) {

    /** Without any key. */
    public static final Store EMPTY = new Store(Map.of());

    /** What the store says to a command. */
    public Answer answer(Command command) {
        Map<String, Long> before = new HashMap<>();
        command.keys().forEach(key -> before.put(key, value(key)));
        return new Answer(isAsExpected(command), before);
    }

    /** The store after a command. */
    public Store after(Command command) {
        return isAsExpected(command) ? with(command.effects()) : this;
    }

    private boolean isAsExpected(Command command) {
        return command.expectations().entrySet().stream()
                .allMatch(expected -> value(expected.getKey()) == expected.getValue());
    }

    private long value(String key) {
        return values.getOrDefault(key, 0L);
    }

    private Store with(Map<String, Long> writes) {
        if (writes.isEmpty()) {
            return this;
        }
        Map<String, Long> next = new HashMap<>(values);
        next.putAll(writes);
        return new Store(next);
    }
}
