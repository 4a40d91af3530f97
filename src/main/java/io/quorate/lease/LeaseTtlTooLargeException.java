package io.quorate.lease;

/** The time to live of a new lease is above the maximum. */
public final class LeaseTtlTooLargeException extends LeaseException {

    private static final long serialVersionUID = 1L;

    public LeaseTtlTooLargeException(long ttlSeconds) {
        super("a time to live of " + ttlSeconds + " s is too large");
    }
}
