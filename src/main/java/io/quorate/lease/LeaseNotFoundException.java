package io.quorate.lease;

/** No lease has this id, or it ended while the caller waited. */
public final class LeaseNotFoundException extends LeaseException {

    private static final long serialVersionUID = 1L;

    public LeaseNotFoundException(long id) {
        super("no lease " + Long.toHexString(id));
    }
}
