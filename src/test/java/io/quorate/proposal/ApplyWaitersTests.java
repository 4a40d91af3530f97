package io.quorate.proposal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ApplyWaitersTests {

    private final ApplyWaiters waiters = new ApplyWaiters(5);
    private final List<Long> done = new ArrayList<>();

    @Test
    void awaitWhenIndexIsAppliedRunsAtOnce() {
        waiters.await(5, () -> done.add(5L));

        assertThat(done).containsExactly(5L);
    }

    @Test
    void appliedRunsWaitersUpToTheIndexInOrder() {
        for (long index : new long[] {9, 6, 7}) {
            waiters.await(index, () -> done.add(index));
        }

        waiters.applied(8);
        assertThat(done).containsExactly(6L, 7L);

        waiters.applied(9);
        assertThat(done).containsExactly(6L, 7L, 9L);
    }

    @Test
    void reachedWhenTheIndexIsAppliedCompletes() {
        assertThat(waiters.reached(5)).isCompleted();
        CompletableFuture<?> reached = waiters.reached(7);
        waiters.applied(6);
        assertThat(reached).isNotDone();
        waiters.applied(7);
        assertThat(reached).isCompleted();
        assertThat(waiters.waiting()).isZero();
    }

    @Test
    void reachedWhenNobodyWaitsAnyMoreLeavesNothing() {
        CompletableFuture<?> kept = waiters.reached(Long.MAX_VALUE);
        for (int i = 0; i < 1000; i++) {
            assertThat(waiters.reached(1_000_000 + i).cancel(false)).isTrue();
        }
        assertThat(waiters.waiting()).isEqualTo(1);
        assertThat(kept).isNotDone();
    }
}
