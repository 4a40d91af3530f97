package io.quorate.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.linearizability.Command.CompareAndSwap;
import io.quorate.linearizability.Command.Put;
import io.quorate.linearizability.Command.Read;
import io.quorate.linearizability.Command.Txn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinearizabilityTests {

    private final List<Operation> history = new ArrayList<>();

    private void add(long called, long returned, Command command, Answer answer) {
        history.add(new Operation(history.size(), command, answer, called, returned));
    }

    private void assertAccepted() {
        assertThat(Linearizability.refute(history)).isEmpty();
    }

    private void assertRefused() {
        assertThat(Linearizability.refute(history)).isPresent();
    }

    @Test
    void refuteWhenNothingHappenedAccepts() {
        assertAccepted();
    }

    /**
     * Operations on one key: {@code put called-returned value (before)}, {@code swap called-returned expected>value (before)},
     * {@code read called-returned value}, and {@code lost called value}, a put of which nobody knows what became.
     */
    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            one after the other         | put 1-2 7 (0); read 3-4 7; swap 5-6 7>8 (7); read 7-8 8             | ok
            read during put, either     | put 1-10 7 (0); read 2-3 0; read 4-5 7                              | ok
            stale read                  | put 1-2 7 (0); read 3-4 0                                           | refused
            reads go back in time       | put 1-10 7 (0); read 2-3 7; read 4-5 0                              | refused
            acknowledged write lost     | put 1-2 7 (0); put 3-4 8 (0)                                        | refused
            value never written         | put 1-2 7 (0); read 3-4 9                                           | refused
            two swaps of one value      | swap 1-10 0>1 (0); swap 2-11 0>2 (0)                                | refused
            write happens twice         | put 1-2 7 (0); put 3-4 8 (7); read 5-6 7                            | refused
            outcome unknown, any time   | lost 1 7; read 2-3 0; put 4-5 8 (0); read 6-7 7; lost 8 9; read 10-11 7 | ok
            unknown, seen before call   | read 1-2 7; lost 3 7                                                | refused
            unknown, comes and goes     | lost 1 7; read 2-3 7; read 4-5 0                                    | refused
            """)
    void refuteWhenOneKeyIsUsedFollowsItsRegister(String what, String operations, String verdict) {
        for (String operation : operations.split("; ")) {
            add(operation);
        }
        assertThat(Linearizability.refute(history).isEmpty()).as(what).isEqualTo(verdict.equals("ok"));
    }

    private void add(String operation) {
        String[] words = operation.split("[ \\-()>]+");
        long[] numbers = Stream.of(words).skip(1).mapToLong(Long::parseLong).toArray();
        switch (words[0]) {
            case "put" -> add(numbers[0], numbers[1], new Put("k", numbers[2]), seen("k", numbers[3]));
            case "read" -> add(numbers[0], numbers[1], readOf("k"), seen("k", numbers[2]));
            case "swap" ->
                add(numbers[0], numbers[1], new CompareAndSwap("k", numbers[2], numbers[3]), seen("k", numbers[4]));
            case "lost" ->
                history.add(new Operation(
                        history.size(), new Put("k", numbers[1]), null, numbers[0], Operation.NEVER));
            default -> throw new IllegalArgumentException(operation);
        }
    }

    @Test
    void refuteWhenTransactionShowsHalfRefuses() {
        add(1, 4, new Txn(Map.of(), Map.of("a", 1L, "b", 1L)), new Answer(true, Map.of("a", 0L, "b", 0L)));
        add(2, 3, readOf("a"), seen("a", 1));
        add(5, 6, readOf("b"), seen("b", 0));
        assertRefused();
    }

    @Test
    void refuteWhenTransactionsOfTwoKeysAreAtomicAccepts() {
        add(1, 4, new Txn(Map.of("a", 0L), Map.of("a", 1L, "b", 1L)), new Answer(true, Map.of("a", 0L, "b", 0L)));
        add(2, 3, readOf("a"), seen("a", 1));
        add(5, 6, new Txn(Map.of("b", 0L), Map.of("b", 2L)), new Answer(false, Map.of("b", 1L)));
        assertAccepted();
    }

    @Test
    void partsWhenTransactionsTieKeysKeepThemTogether() {
        add(1, 2, new Txn(Map.of("a", 0L), Map.of("b", 1L)), new Answer(true, Map.of("a", 0L, "b", 0L)));
        add(3, 4, new Txn(Map.of("b", 1L), Map.of("c", 1L)), new Answer(true, Map.of("b", 1L, "c", 0L)));
        add(5, 6, readOf("c"), seen("c", 1));
        add(7, 8, readOf("d"), seen("d", 0));
        assertThat(Linearizability.parts(history)).hasSize(2);
        assertAccepted();
    }

    private static Command readOf(String key) {
        return new Read(key);
    }

    private static Answer seen(String key, long value) {
        return new Answer(true, Map.of(key, value));
    }

    /** Against a second algorithm that is too simple to be wrong: trying all orders. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void refuteWhenHistoryIsRandomAgreesWithTryingAllOrders(long seed) {
        Random random = new Random(seed);
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            List<Operation> operations = randomHistory(random);
            boolean expected = hasOrder(operations, Store.EMPTY);
            assertThat(Linearizability.refute(operations).isEmpty())
                    .as("seed %d: %s", seed, operations)
                    .isEqualTo(expected);
            accepted += expected ? 1 : 0;
            refused += expected ? 0 : 1;
        }
        assertThat(accepted).isGreaterThan(100);
        assertThat(refused).isGreaterThan(100);
    }

    private static List<Operation> randomHistory(Random random) {
        int count = 2 + random.nextInt(5);
        List<Long> moments = new ArrayList<>();
        for (long moment = 0; moment < 2L * count; moment++) {
            moments.add(moment);
        }
        Collections.shuffle(moments, random);
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long called = Math.min(moments.get(2 * i), moments.get(2 * i + 1));
            long returned = Math.max(moments.get(2 * i), moments.get(2 * i + 1));
            Command command = randomCommand(random);
            boolean known = random.nextInt(5) > 0;
            Answer answer = known ? randomAnswer(random, command) : null;
            operations.add(new Operation(i, command, answer, called, known ? returned : Operation.NEVER));
        }
        return operations;
    }

    private static Command randomCommand(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> new Put("a", 1 + random.nextInt(2));
            case 1 -> new CompareAndSwap("a", random.nextInt(3), 1 + random.nextInt(2));
            case 2 -> new Txn(Map.of("a", (long) random.nextInt(2)), Map.of("b", 1L + random.nextInt(2)));
            default -> new Read(random.nextBoolean() ? "a" : "b");
        };
    }

    /** Not any answer, but one of a store as it may have been, so that enough histories are linearizable. */
    private static Answer randomAnswer(Random random, Command command) {
        Store store = new Store(Map.of("a", (long) random.nextInt(2), "b", (long) random.nextInt(2)));
        return store.answer(command);
    }

    private static boolean hasOrder(List<Operation> left, Store store) {
        if (left.stream().allMatch(operation -> operation.answer() == null)) {
            return true;
        }
        for (Operation next : left) {
            boolean mayBeNext = left.stream().noneMatch(other -> other.returned() < next.called());
            boolean fits = next.answer() == null || next.answer().equals(store.answer(next.command()));
            if (mayBeNext && fits) {
                List<Operation> rest = new ArrayList<>(left);
                rest.remove(next);
                if (hasOrder(rest, store.after(next.command()))) {
                    return true;
                }
            }
        }
        return false;
    }
}
