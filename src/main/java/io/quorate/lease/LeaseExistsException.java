package io.quorate.lease;

/** The id of a new lease is in use. */
public final class LeaseExistsException extends LeaseException {

    private static final long serialVersionUID = 1L;

    public LeaseExistsException(long id) {
        super("lease " + Long.toHexString(id) + " exists");
    }
}
