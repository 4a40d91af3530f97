package io.quorate.base;

import org.jspecify.annotations.Nullable;

/**
 * A part of this member can no longer be used: it is closed, damaged, or cannot be read. The member stops, or is about to; its
 * clients may ask another one.
 */
public abstract class UnusableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    protected UnusableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
