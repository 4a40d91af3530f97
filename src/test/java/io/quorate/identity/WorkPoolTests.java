package io.quorate.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.RequestError;
import io.quorate.fixture.Expected;
import io.quorate.fixture.MeterReader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkPoolTests {

    private final WorkPool pool = new WorkPool("password", 1, 2);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void runWhenJobsAreTooManyRefusesThemAndCountsThem() {
        MeterReader meters = new MeterReader(pool::register);
        CountDownLatch gate = new CountDownLatch(1);
        CompletableFuture<Boolean> started = new CompletableFuture<>();
        CompletableFuture<String> first = pool.run(() -> {
                    started.complete(true);
                    awaitOpen(gate);
                    return Thread.currentThread().getName();
                })
                .toCompletableFuture();
        started.join();
        CompletableFuture<String> second = pool.run(() -> "second").toCompletableFuture();
        CompletableFuture<String> third = pool.run(() -> "third").toCompletableFuture();
        CompletableFuture<String> fourth = pool.run(() -> "fourth").toCompletableFuture();
        assertThat(fourth).isCompletedExceptionally();
        assertThatThrownBy(fourth::join).extracting(Expected::refusal).isEqualTo(RequestError.TOO_MANY_REQUESTS);
        assertThat(meters.value("quorate_auth_password_waiting")).isEqualTo(2);
        assertThat(meters.value("quorate_auth_password_refused_total")).isEqualTo(1);
        gate.countDown();
        assertThat(first.join()).isEqualTo("password-1");
        assertThat(second.join()).isEqualTo("second");
        assertThat(third.join()).isEqualTo("third");
    }

    @Test
    void runWhenAJobThrowsTellsWhoWaits() {
        CompletableFuture<Object> failed = pool.run(() -> {
                    throw new IllegalStateException("it broke");
                })
                .toCompletableFuture();
        assertThatThrownBy(failed::join).hasRootCauseMessage("it broke");
        assertThat(pool.run(() -> 1).toCompletableFuture().join()).isEqualTo(1);
    }

    private static void awaitOpen(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
