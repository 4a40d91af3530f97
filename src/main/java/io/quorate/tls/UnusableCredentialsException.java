package io.quorate.tls;

import org.jspecify.annotations.Nullable;

/** A key, certificate or list that cannot be read, or that does not fit the others; the message says which and why. */
public final class UnusableCredentialsException extends Exception {

    private static final long serialVersionUID = 1L;

    public UnusableCredentialsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
