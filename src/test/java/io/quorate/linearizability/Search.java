package io.quorate.linearizability;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The search for one order of the operations of one object. A depth-first walk: an operation may come next if no other
 * one that is still to come returned before it was called (Wing and Gong). Two attempts that did the same operations and
 * led to the same store have the same future, so the second one is not followed (Lowe).
 *
 * <p>Worked example: {@code put 1 [1, 4]}, {@code read -> 1 [2, 3]}, {@code read -> 0 [5, 6]}. First may come the put or
 * the first read, since both were called before the earliest return, 3. The read would have to answer 0, so it is the put,
 * then the read. Now only the last read is left, it would have to answer 1, and no other attempt is left either: refused.
 */
final class Search {

    /** Far beyond what a history of a few hundred operations with few unknown outcomes needs. */
    private static final int CONFIGURATIONS_MAX = 500_000;

    private static final int SHOWN = 40;

    private record Configuration(BitSet done, Store store) {}

    private record Move(int operation, Store before) {}

    private final List<Operation> operations;
    private final BitSet done = new BitSet();
    private final Deque<Move> moves = new ArrayDeque<>();
    private final Set<Configuration> visited = new HashSet<>();
    private Store store = Store.EMPTY;
    private long unanswered;
    private BitSet farthest = new BitSet();

    /**
     * @param operations in the order of the calls
     */
    Search(List<Operation> operations) {
        this.operations = operations;
        this.unanswered = operations.stream()
                .filter(operation -> operation.answer() != null)
                .count();
    }

    boolean succeeds() {
        int from = 0;
        while (unanswered > 0) {
            int next = nextCandidate(from);
            if (next >= 0) {
                from = moved(next) ? 0 : next + 1;
            } else if (moves.isEmpty()) {
                return false;
            } else {
                from = takeBack() + 1;
            }
        }
        return true;
    }

    /** The first operation at or after a place that may come next; -1 if there is none. */
    private int nextCandidate(int from) {
        long earliestReturn = Operation.NEVER;
        for (int i = open(0); i >= 0 && operations.get(i).called() < earliestReturn; i = open(i + 1)) {
            earliestReturn = Math.min(earliestReturn, operations.get(i).returned());
        }
        int candidate = open(from);
        return candidate >= 0 && operations.get(candidate).called() < earliestReturn ? candidate : -1;
    }

    private int open(int from) {
        int next = done.nextClearBit(from);
        return next < operations.size() ? next : -1;
    }

    /** Puts an operation next, if its answer fits and the outcome was not tried before. */
    private boolean moved(int candidate) {
        Operation operation = operations.get(candidate);
        if (operation.answer() != null && !operation.answer().equals(store.answer(operation.command()))) {
            return false;
        }
        Store after = store.after(operation.command());
        done.set(candidate);
        if (!visited.add(new Configuration((BitSet) done.clone(), after))) {
            done.clear(candidate);
            return false;
        }
        if (visited.size() > CONFIGURATIONS_MAX) {
            throw new IllegalStateException("no verdict after " + CONFIGURATIONS_MAX + " configurations of "
                    + operations.size() + " operations; record shorter histories");
        }
        moves.push(new Move(candidate, store));
        store = after;
        unanswered -= operation.answer() == null ? 0 : 1;
        if (done.cardinality() > farthest.cardinality()) {
            farthest = (BitSet) done.clone();
        }
        return true;
    }

    private int takeBack() {
        Move last = moves.pop();
        done.clear(last.operation());
        store = last.before();
        unanswered += operations.get(last.operation()).answer() == null ? 0 : 1;
        return last.operation();
    }

    /** The operations around the place behind which no attempt came. */
    String explain() {
        int stuck = farthest.nextClearBit(0);
        return "not linearizable; the best attempt placed " + farthest.cardinality() + " of " + operations.size()
                + " operations (marked +):\n"
                + IntStream.range(Math.max(0, stuck - SHOWN / 2), Math.min(operations.size(), stuck + SHOWN / 2))
                        .mapToObj(i -> (farthest.get(i) ? "  + " : "  - ") + operations.get(i))
                        .collect(Collectors.joining("\n"));
    }
}
