package io.quorate.tool;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Tries again until it works or the time is over. */
final class Patience {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final long end;

    Patience(Duration limit) {
        end = System.nanoTime() + limit.toNanos();
    }

    /**
     * @param attempt empty or {@link ToolException} for another try
     * @throws ToolException the last one, or saying what was waited for
     */
    <T> T until(String what, Supplier<Optional<T>> attempt) {
        while (true) {
            ToolException last = new ToolException("Gave up waiting for " + what + ".");
            try {
                Optional<T> result = attempt.get();
                if (result.isPresent()) {
                    return result.get();
                }
            } catch (ToolException refused) {
                System.err.println(refused.getMessage());
                last = refused;
            }
            if (System.nanoTime() - end > 0) {
                throw last;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
