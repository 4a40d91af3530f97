package io.quorate.base;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * The last step of asynchronous work. A stage that is not looked at hides what its action throws; here it gets
 * into the log, one line a second at most. Any thread.
 */
@Slf4j
public final class Stages {

    private static final Throttle REPORTS = new Throttle(Duration.ofSeconds(1), MonotonicClock.SYSTEM);

    private Stages() {}

    /**
     * Runs an action with the result or the failure of a stage, as its last step.
     *
     * @param what names the step in the log, in case that the action throws
     */
    public static <T extends @Nullable Object> void whenDone(
            String what, CompletionStage<T> stage, BiConsumer<? super T, ? super @Nullable Throwable> action) {
        CompletionStage<T> unused = stage.whenComplete((result, failure) -> {
            try {
                action.accept(result, failure);
            } catch (Throwable thrown) { // it would be seen nowhere
                report(what, thrown);
            }
        });
    }

    /** Logs the failure of a stage whose result is not awaited. */
    public static void watch(String what, CompletionStage<?> stage) {
        whenDone(what, stage, (ignored, failure) -> {
            if (failure != null) {
                report(what, failure);
            }
        });
    }

    /** What failed, without the wrappers that stages and futures put around it. */
    public static Throwable causeOf(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /**
     * Waits for a stage; throws what it failed with.
     *
     * @throws CompletionException if that is a checked exception
     */
    public static <T extends @Nullable Object> T join(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            switch (causeOf(e)) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                default -> throw e;
            }
        }
    }

    /** Logs what must not get lost. */
    public static void report(String what, Throwable failure) {
        long more = REPORTS.admit();
        if (more != Throttle.HELD_BACK) {
            log.error("{} failed unexpectedly{}", what, Throttle.more(more), failure);
        }
    }
}
