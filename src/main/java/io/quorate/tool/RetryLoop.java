package io.quorate.tool;

import io.quorate.tool.Tool.ToolException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.springframework.boot.convert.DurationStyle;

/** Tries again until it works or the time is over. Used by one thread at a time. */
final class RetryLoop {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Duration limit;
    private final Supplier<String> lastFailure;
    private final long end;
    private String told = "";

    /** @param lastFailure why the last attempt that was not refused came to nothing, as a sentence without its full stop */
    RetryLoop(Duration limit, Supplier<String> lastFailure) {
        this.limit = limit;
        this.lastFailure = lastFailure;
        end = System.nanoTime() + limit.toNanos();
    }

    /**
     * @param attempt empty or {@link ToolException} for another try
     * @throws ToolException saying what was waited for, how long, and why the last try failed
     */
    <T> T until(String what, Supplier<Optional<T>> attempt) {
        while (true) {
            String reason;
            try {
                Optional<T> result = attempt.get();
                if (result.isPresent()) {
                    return result.get();
                }
                reason = lastFailure.get();
            } catch (ToolException refused) {
                reason = Objects.toString(refused.getMessage(), "");
            }
            if (System.nanoTime() - end > 0) {
                throw new ToolException(
                        "Gave up waiting for " + what + " after " + DurationStyle.SIMPLE.print(limit) + ": " + reason);
            }
            tell(reason);
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** A reason once, not each second. */
    private void tell(String reason) {
        if (!reason.equals(told)) {
            told = reason;
            System.err.println(reason);
        }
    }
}
