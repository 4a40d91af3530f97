package io.quorate.apply;

import io.quorate.raft.Entry;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Entries that an operator lets the members pass over because no member can apply them. Only an entry that cannot be applied is
 * ever skipped: naming any other one has no effect.
 *
 * @param entries which ones
 */
public record SkippedEntries(Set<Id> entries) {

    /** None, as nearly always. */
    public static final SkippedEntries NONE = new SkippedEntries(Set.of());

    /** An entry: index and term together name it in all logs. */
    public record Id(long term, long index) {

        @Override
        public String toString() {
            return term + "/" + index;
        }
    }

    public SkippedEntries {
        entries = Set.copyOf(entries);
    }

    /**
     * Reads texts of the form {@code term/index}.
     *
     * @throws IllegalArgumentException if one has another form
     */
    public static SkippedEntries parse(List<String> texts) {
        Set<Id> ids = new HashSet<>();
        for (String text : texts) {
            String[] parts = text.strip().split("/", -1);
            if (parts.length != 2) {
                throw new IllegalArgumentException("not of the form term/index: " + text);
            }
            ids.add(new Id(Long.parseLong(parts[0]), Long.parseLong(parts[1])));
        }
        return new SkippedEntries(ids);
    }

    boolean contains(Entry entry) {
        return !entries.isEmpty() && entries.contains(new Id(entry.term(), entry.index()));
    }
}
