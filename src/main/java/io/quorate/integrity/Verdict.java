package io.quorate.integrity;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What hashes of several members say about which of them are right. */
sealed interface Verdict {

    /** All that could be compared are equal. */
    record Alike() implements Verdict {}

    /** More than half of the cluster agrees, and these do not agree with it. */
    record Differing(Set<Long> members) implements Verdict {}

    /** Members differ, and no hash is shared by more than half of the cluster. */
    record Undecided() implements Verdict {}

    /**
     * Judges by majority.
     *
     * @param reference the history that is compared; others are passed over
     * @param hashes what each member said that said anything
     * @param members how many the cluster has
     */
    static Verdict of(HistoryHash reference, Map<Long, HistoryHash> hashes, int members) {
        Map<Integer, Set<Long>> sides = new TreeMap<>();
        hashes.forEach((member, hash) -> {
            if (hash.isAboutThatOf(reference)) {
                sides.computeIfAbsent(hash.hash(), unused -> new HashSet<>()).add(member);
            }
        });
        if (sides.size() <= 1) {
            return new Alike();
        }
        List<Set<Long>> bySize = sides.values().stream()
                .sorted((one, other) -> Integer.compare(other.size(), one.size()))
                .toList();
        if (bySize.getFirst().size() * 2 <= members) {
            return new Undecided();
        }
        Set<Long> differing = new HashSet<>();
        bySize.subList(1, bySize.size()).forEach(differing::addAll);
        return new Differing(differing);
    }
}
