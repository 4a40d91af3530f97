package io.quorate.lease;

/** What a caller can get wrong about a lease. Carries no stack trace: it is an answer, not a defect. */
public abstract sealed class LeaseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LeaseException(String message) {
        super(message, null, false, false);
    }

    /** The id of a new lease is in use. */
    public static final class LeaseExistsException extends LeaseException {

        private static final long serialVersionUID = 1L;

        public LeaseExistsException(long id) {
            super("lease " + Long.toHexString(id) + " exists");
        }
    }

    /** No lease has this id, or it ended while the caller waited. */
    public static final class LeaseNotFoundException extends LeaseException {

        private static final long serialVersionUID = 1L;

        public LeaseNotFoundException(long id) {
            super("no lease " + Long.toHexString(id));
        }
    }

    /** The time to live of a new lease is above the maximum. */
    public static final class LeaseTtlTooLargeException extends LeaseException {

        private static final long serialVersionUID = 1L;

        public LeaseTtlTooLargeException(long ttlSeconds) {
            super("a time to live of " + ttlSeconds + " s is too large");
        }
    }

    /** Only the leader knows when leases expire, and this member is not, or no longer, the leader. */
    public static final class NotPrimaryException extends LeaseException {

        private static final long serialVersionUID = 1L;

        public NotPrimaryException() {
            super("not primary");
        }
    }
}
