package io.quorate.linearizability;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Leaves out operations of unknown outcome whose effect nobody can have seen, as each of them doubles the search.
 *
 * <p>Why that changes no verdict: every answer shows what was there before, for all keys of its command. If an order has
 * such an operation in it, what it wrote was overwritten by others of unknown outcome before any answer could show it, and
 * none of those was let through by it. So the order without it, and without those of unknown outcome that do something else
 * now, is as good.
 */
final class UnseenEffects {

    private record Effect(String key, long value) {}

    private UnseenEffects() {}

    static List<Operation> drop(List<Operation> operations) {
        Set<Effect> seen = new HashSet<>();
        for (Operation operation : operations) {
            if (operation.answer() != null) {
                operation.answer().before().forEach((key, value) -> seen.add(new Effect(key, value)));
            } else {
                operation.command().expectations().forEach((key, value) -> seen.add(new Effect(key, value)));
            }
        }
        List<Operation> kept = operations.stream()
                .filter(operation -> operation.answer() != null || isSeen(operation.command(), seen))
                .toList();
        // Without those that are gone, others may have lost the only ones that waited for them.
        return kept.size() == operations.size() ? kept : drop(kept);
    }

    private static boolean isSeen(Command command, Set<Effect> seen) {
        return command.effects().entrySet().stream()
                .anyMatch(effect -> seen.contains(new Effect(effect.getKey(), effect.getValue())));
    }
}
