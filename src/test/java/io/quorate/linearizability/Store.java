package io.quorate.linearizability;

import io.quorate.linearizability.Command.CompareAndSwap;
import io.quorate.linearizability.Command.Put;
import io.quorate.linearizability.Command.Read;
import io.quorate.linearizability.Command.Txn;
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
        if (!isAsExpected(command)) {
            return this;
        }
        return switch (command) {
            case Read _ -> this;
            case Put(String key, long value) -> with(Map.of(key, value));
            case CompareAndSwap(String key, long _, long value) -> with(Map.of(key, value));
            case Txn(Map<String, Long> _, Map<String, Long> writes) -> with(writes);
        };
    }

    private boolean isAsExpected(Command command) {
        return switch (command) {
            case Read _, Put _ -> true;
            case CompareAndSwap(String key, long expected, long _) -> value(key) == expected;
            case Txn(Map<String, Long> expected, Map<String, Long> _) ->
                expected.entrySet().stream().allMatch(pair -> value(pair.getKey()) == pair.getValue());
        };
    }

    private long value(String key) {
        return values.getOrDefault(key, 0L);
    }

    private Store with(Map<String, Long> writes) {
        Map<String, Long> next = new HashMap<>(values);
        next.putAll(writes);
        return new Store(next);
    }
}
