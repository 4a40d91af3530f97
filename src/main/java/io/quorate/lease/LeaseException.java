package io.quorate.lease;

/** What a caller can get wrong about a lease. Carries no stack trace: it is an answer, not a defect. */
public abstract sealed class LeaseException extends RuntimeException
        permits LeaseNotFoundException, LeaseExistsException, LeaseTtlTooLargeException, NotPrimaryException {

    private static final long serialVersionUID = 1L;

    LeaseException(String message) {
        super(message, null, false, false);
    }
}
