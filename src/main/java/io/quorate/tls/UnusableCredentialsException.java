package io.quorate.tls;

import org.jspecify.annotations.Nullable;

/** A key, certificate or list that cannot be read, or that does not fit the others; the message says which and why. */
public final class UnusableCredentialsException extends Exception {

    private static final long serialVersionUID = 1L;

    private final @Nullable String file;

    public UnusableCredentialsException(String message, @Nullable Throwable cause) {
        this(null, message, cause);
    }

    /** @param file the one at fault, as it was named; null if it is none alone */
    public UnusableCredentialsException(@Nullable String file, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.file = file;
    }

    /** The file at fault; null if it is none alone. */
    public @Nullable String file() {
        return file;
    }
}
