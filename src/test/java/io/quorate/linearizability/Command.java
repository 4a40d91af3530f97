package io.quorate.linearizability;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a client may ask of the store. Values are numbers; a key that is not there has the value 0. */
public sealed interface Command {

    /** The keys that the command reads or writes. */
    Set<String> keys();

    /** What must be there for the command to write. */
    default Map<String, Long> expectations() {
        return Map.of();
    }

    /** What it writes then. */
    default Map<String, Long> effects() {
        return Map.of();
    }

    /** Reads a key. */
    record Read(String key) implements Command {

        @Override
        public Set<String> keys() {
            return Set.of(key);
        }
    }

    /** Writes a key. */
    record Put(String key, long value) implements Command {

        @Override
        public Set<String> keys() {
            return Set.of(key);
        }

        @Override
        public Map<String, Long> effects() {
            return Map.of(key, value);
        }
    }

    /** Writes a key if it has the expected value. */
    record CompareAndSwap(String key, long expected, long value) implements Command {

        @Override
        public Set<String> keys() {
            return Set.of(key);
        }

        @Override
        public Map<String, Long> expectations() {
            return Map.of(key, expected);
        }

        @Override
        public Map<String, Long> effects() {
            return Map.of(key, value);
        }
    }

    /** Writes all of some keys if all of some keys have the expected values; in their order, so that each run does the same. */
    record Txn(Map<String, Long> expected, Map<String, Long> writes) implements Command {

        public Txn {
            expected = new TreeMap<>(expected);
            writes = new TreeMap<>(writes);
        }

        @Override
        public Set<String> keys() {
            Set<String> keys = new TreeSet<>(expected.keySet());
            keys.addAll(writes.keySet());
            return keys;
        }

        @Override
        public Map<String, Long> expectations() {
            return expected;
        }

        @Override
        public Map<String, Long> effects() {
            return writes;
        }
    }
}
