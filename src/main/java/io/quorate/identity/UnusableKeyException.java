package io.quorate.identity;

import org.jspecify.annotations.Nullable;

/** A key for tokens that cannot be read, or that does not fit; the message names the file and says why, and has nothing of the key. */
public final class UnusableKeyException extends Exception {

    private static final long serialVersionUID = 1L;

    public UnusableKeyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    public UnusableKeyException(String message) {
        this(message, null);
    }
}
