package io.quorate.lease;

/** Only the leader knows when leases expire, and this member is not, or no longer, the leader. */
public final class NotPrimaryException extends LeaseException {

    private static final long serialVersionUID = 1L;

    public NotPrimaryException() {
        super("not primary");
    }
}
