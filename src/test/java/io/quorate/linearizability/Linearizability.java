package io.quorate.linearizability;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The verdict over a history.
 *
 * <p>Linearizability is local (Herlihy and Wing, theorem 1): a history is linearizable exactly if its part for each object
 * is. An object here is a set of keys that transactions tie together, so that each part is small enough to search.
 */
public final class Linearizability {

    private Linearizability() {}

    /**
     * Looks for the order that makes the history linearizable.
     *
     * @return empty if there is one, else a text that shows how far the best attempt came
     * @throws IllegalStateException if the search grew beyond its limit without a verdict
     */
    public static Optional<String> refute(List<Operation> history) {
        for (List<Operation> part : parts(history)) {
            Search search = new Search(UnseenEffects.drop(part));
            if (!search.succeeds()) {
                return Optional.of(search.explain());
            }
        }
        return Optional.empty();
    }

    /** The operations of each group of tied keys, in the order of the calls. */
    static List<List<Operation>> parts(List<Operation> history) {
        Map<String, Set<String>> groups = new HashMap<>();
        for (Operation operation : history) {
            Set<String> united = new HashSet<>(operation.command().keys());
            for (String key : operation.command().keys()) {
                united.addAll(groups.getOrDefault(key, Set.of()));
            }
            united.forEach(key -> groups.put(key, united));
        }
        Map<Set<String>, List<Operation>> parts = history.stream()
                .sorted(Comparator.comparingLong(Operation::called))
                .collect(Collectors.groupingBy(operation -> group(groups, operation)));
        return new ArrayList<>(parts.values());
    }

    private static Set<String> group(Map<String, Set<String>> groups, Operation operation) {
        return groups.getOrDefault(operation.command().keys().iterator().next(), Set.of());
    }
}
