package io.quorate.ops.failure;

import io.quorate.api.port.ListenAddress.ListenAddressInUseException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.PortInUseException;

/** Recognises that something listens already: the client port's exception, Boot's, the JDK's, or the system call's through Netty. */
final class AddressInUse {

    private static final String SYSTEM_TEXT = "Address already in use";

    private AddressInUse() {}

    static boolean isMeantBy(Throwable cause) {
        return cause instanceof PortInUseException
                || cause instanceof ListenAddressInUseException
                || (cause instanceof IOException && mentionsIt(cause.getMessage()));
    }

    /** The nearest such cause. */
    static Optional<Throwable> find(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isMeantBy(cause)) {
                return Optional.of(cause);
            }
        }
        return Optional.empty();
    }

    private static boolean mentionsIt(@Nullable String message) {
        return message != null && message.contains(SYSTEM_TEXT);
    }
}
