package io.quorate.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UseGuardTests {

    private static final long LONG = 20_000;

    private final UseGuard guard = new UseGuard();

    @Test
    void barWhenSomebodyIsInsideGivesUpAndLetsOthersIn() {
        guard.enter();

        assertThat(guard.bar(1, () -> {})).isEqualTo(1);
        guard.enter();
        assertThat(guard.inside()).isEqualTo(2);
    }

    @Test
    void barWhenLastOneLeavesSucceeds() {
        guard.enter();
        CompletableFuture<Long> barred = CompletableFuture.supplyAsync(() -> guard.bar(LONG, () -> {}));
        guard.exit();

        assertThat(barred.join()).isZero();
        assertThatIllegalStateException()
                .isThrownBy(() -> guard.bar(0, () -> {}))
                .withMessageContaining("being replaced");
    }

    @Test
    void enterAgainWhenBarredDoesNotWait() {
        guard.enter();
        CompletableFuture<Long> barred = new CompletableFuture<>();
        long left = guard.bar(1, () -> {
            guard.enterAgain();
            guard.exit();
            barred.complete(guard.inside());
        });
        assertThat(left).isEqualTo(1);
        assertThat(barred).isCompletedWithValue(1L);
    }

    @Test
    void enterWhenBarredWaitsUntilLifted() {
        assertThat(guard.bar(0, () -> {})).isZero();
        CompletableFuture<Void> entered = CompletableFuture.runAsync(guard::enter);
        assertThat(entered).isNotDone();

        guard.lift();

        entered.join();
        assertThat(guard.inside()).isEqualTo(1);
    }

    @Test
    void enterWhenClosedThrows() {
        assertThat(guard.bar(0, () -> {})).isZero();
        guard.closeForGood();

        assertThatExceptionOfType(DatabaseClosedException.class).isThrownBy(guard::enter);
        assertThat(guard.inside()).isZero();
        assertThat(guard.isClosed()).isTrue();
    }

    /** Whoever is inside never meets the one that barred the guard. */
    @Test
    void barWhenManyComeAndGoExcludesThem() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        List<CompletableFuture<Void>> users = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (int thread = 0; thread < 3; thread++) {
                users.add(CompletableFuture.runAsync(
                        () -> {
                            while (!stop.get()) {
                                guard.enter();
                                inside.incrementAndGet();
                                inside.decrementAndGet();
                                guard.exit();
                            }
                        },
                        threads));
            }
            for (int round = 0; round < 200; round++) {
                assertThat(guard.bar(LONG, () -> {})).isZero();
                assertThat(inside).hasValue(0);
                guard.lift();
            }
            stop.set(true);
        }
        users.forEach(CompletableFuture::join);
    }
}
