package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is held is never more than what was granted, and who waits gets room in turn. */
class MemoryBudgetTests {

    private static final long LIMIT = 800_000;

    private final MemoryBudget budget = new MemoryBudget(LIMIT, Duration.ofMinutes(1));

    @Test
    void tryHoldWhenThereIsNoRoomHoldsNothing() {
        assertThat(budget.tryHold(LIMIT)).isTrue();
        assertThat(budget.tryHold(1)).isFalse();
        assertThat(budget.heldBytes()).isEqualTo(LIMIT);
        budget.release(LIMIT);
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void holdSmallWhenTheLimitIsReachedUsesTheReserve() {
        budget.hold(LIMIT);
        assertThat(budget.holdSmall(LIMIT / 8)).isTrue();
        assertThat(budget.holdSmall(1)).isFalse();
    }

    @Test
    void holdLastingWhenHalfIsTakenLeavesTheRestToOthers() {
        assertThat(budget.holdLasting(LIMIT / 2)).isTrue();
        assertThat(budget.holdLasting(1)).isFalse();
        assertThat(budget.refusals()).isEqualTo(1);
        assertThat(budget.tryHold(LIMIT / 2)).isTrue();
        budget.releaseLasting(LIMIT / 2);
        assertThat(budget.holdLasting(1)).isTrue();
    }

    @Test
    void holdLastingWhenOthersHoldEverythingHoldsNothing() {
        budget.hold(LIMIT + LIMIT / 8);
        assertThat(budget.holdLasting(1)).isFalse();
        budget.release(LIMIT + LIMIT / 8);
        assertThat(budget.holdLasting(LIMIT / 2)).isTrue();
        assertThat(budget.heldBytes()).isEqualTo(LIMIT / 2);
    }

    @Test
    void awaitWhenRoomIsMadeIsGrantedInTurn() {
        budget.hold(LIMIT);
        CompletableFuture<Boolean> first = budget.await(500_000);
        CompletableFuture<Boolean> second = budget.await(100_000);
        assertThat(budget.waiting()).isEqualTo(2);
        budget.release(200_000);
        assertThat(second).isNotDone();
        assertThat(budget.tryHold(1)).as("others wait").isFalse();
        budget.release(400_000);
        assertThat(first).isCompletedWithValue(true);
        assertThat(second).isCompletedWithValue(true);
        assertThat(budget.heldBytes()).isEqualTo(LIMIT);
        assertThat(budget.waits()).isEqualTo(2);
    }

    @Test
    void awaitWhenTheFirstGivesUpGoesOnWithTheNext() {
        budget.hold(LIMIT - 1000);
        CompletableFuture<Boolean> first = budget.await(500_000);
        CompletableFuture<Boolean> second = budget.await(1000);
        first.complete(false);
        assertThat(second).isCompletedWithValue(true);
        assertThat(budget.heldBytes()).isEqualTo(LIMIT);
        assertThat(budget.waiting()).isZero();
    }

    @Test
    void awaitWhenItTakesTooLongIsRefused() {
        MemoryBudget impatient = new MemoryBudget(LIMIT, Duration.ofMillis(10));
        impatient.hold(LIMIT);
        assertThat(impatient.await(1).join()).isFalse();
        assertThat(impatient.heldBytes()).isEqualTo(LIMIT);
    }

    @Test
    void awaitWhenItCanNeverBeGrantedIsRefusedAtOnce() {
        assertThat(budget.await(LIMIT + 1)).isCompletedWithValue(false);
    }

    @Test
    void roomWhenAnswerIsTakenOverIsHeldUntilItIsReleased() {
        AnswerMemory room = new AnswerMemory(budget, 0);
        long[] taken = new long[1];
        try (room) {
            for (int i = 0; i < 100; i++) {
                room.add(3000);
            }
            room.settle(290_000);
            room.offer(() -> taken[0] = AnswerMemory.take(budget, 290_000));
        }
        assertThat(taken[0]).isGreaterThanOrEqualTo(300_000);
        assertThat(budget.heldBytes()).isEqualTo(taken[0]);
    }

    @Test
    void roomWhenThereIsNoneForTheNextRecordGivesBackWhatItHas() {
        budget.hold(300_000);
        AnswerMemory room = new AnswerMemory(budget, 0);
        assertThatThrownBy(() -> {
                    try (room) {
                        for (int i = 0; i < 100; i++) {
                            room.add(30_000);
                        }
                    }
                })
                .isInstanceOf(AnswerMemory.NoRoomException.class);
        assertThat(budget.heldBytes()).isEqualTo(300_000);
        assertThat(room.usedBytes()).isBetween(200_000L, 600_000L);
    }
}
