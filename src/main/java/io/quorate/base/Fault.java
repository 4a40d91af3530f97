package io.quorate.base;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A broken invariant or a failed write to stable storage: the member must not go on, because whatever it answers next
 * could contradict what it promised before.
 *
 * <p>Throwing it from a thread of the member hands it to the run loop's error channel, which logs it and ends the
 * process.
 */
public final class Fault extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private @Nullable String cure;

    public Fault(String message) {
        super(message);
    }

    public Fault(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    private Fault(String message, String cure) {
        super(message);
        this.cure = cure;
    }

    /** A fault of which it is known what an operator can do. */
    public static Fault curable(String message, String cure) {
        return new Fault(message, cure);
    }

    /** What an operator can do before the next start, in sentences; null if nothing particular. */
    public @Nullable String cure() {
        return cure;
    }

    /** Where a thread of the member reports what it cannot survive. */
    @FunctionalInterface
    public interface Sink {

        /** Reports once; must not block and must not throw. */
        void fatal(Throwable cause);
    }

    /** Checks an invariant, in production too. */
    public static void check(boolean invariant, String format, Object... values) {
        if (!invariant) {
            throw new Fault(String.format(Locale.ROOT, format, values));
        }
    }

    /** A reason for the end of a member that knows what an operator has to do before the next start. */
    public interface Curable {

        /** What to do, in sentences. Following it loses nothing that this member could still save. */
        String cure();
    }
}
