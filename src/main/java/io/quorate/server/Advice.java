package io.quorate.server;

import io.quorate.base.Fault;
import io.quorate.base.Fault.Curable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What an operator is told to do after a fatal error. A member's data is never to be removed for a reason that can be removed
 * instead: a full disk, an entry that cannot be applied.
 */
final class Advice {

    private static final String DISK_FULL = "No space left on device";
    private static final String QUOTA_FULL = "Disk quota exceeded";

    private Advice() {}

    /** The cure that the nearest cause knows; else one that loses nothing. */
    static String after(Throwable failure, Path dataDirectory) {
        String cure = cure(failure, dataDirectory);
        return cure != null
                ? cure
                : "Keep the data directory " + dataDirectory
                        + ": it holds what this member has acknowledged. Start the member"
                        + " again. If it stops for the same reason, see docs/runbooks.md, 'A member stops itself'.";
    }

    /** Whether the cause of such an error is known, so that its stack trace tells an operator nothing. */
    static boolean isKnown(Throwable failure) {
        return cure(failure, Path.of("")) != null;
    }

    private static @Nullable String cure(Throwable failure, Path dataDirectory) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Curable curable) {
                return curable.cure();
            }
            if (cause instanceof Fault fault && fault.cure() != null) {
                return fault.cure();
            }
            if (isFull(cause.getMessage())) {
                return "The disk of " + dataDirectory
                        + " is full. Make room there and start the member again. Nothing is lost:"
                        + " leave the data directory as it is.";
            }
        }
        return null;
    }

    private static boolean isFull(@Nullable String message) {
        return message != null && (message.contains(DISK_FULL) || message.contains(QUOTA_FULL));
    }
}
