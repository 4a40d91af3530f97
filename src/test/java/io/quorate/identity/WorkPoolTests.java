package io.quorate.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Meters;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkPoolTests {

    private final WorkPool pool = new WorkPool("password", 1, 2);
    private final Map<String, LongSupplier> meters = new HashMap<>();

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void runWhenJobsAreTooManyRefusesThemAndCountsThem() {
        pool.register(recording());
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
        assertThatThrownBy(fourth::join)
                .extracting(failure -> ((RequestException) failure.getCause()).error())
                .isEqualTo(RequestError.TOO_MANY_REQUESTS);
        assertThat(meters.get("quorate_auth_password_waiting").getAsLong()).isEqualTo(2);
        assertThat(meters.get("quorate_auth_password_refused_total").getAsLong())
                .isEqualTo(1);
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

    private Meters recording() {
        return new Meters() {
            @Override
            public void counter(String name, String help, LongSupplier value) {
                meters.put(name, value);
            }

            @Override
            public void gauge(String name, String help, LongSupplier value) {
                meters.put(name, value);
            }
        };
    }
}
