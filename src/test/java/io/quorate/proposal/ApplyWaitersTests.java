package io.quorate.proposal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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
}
