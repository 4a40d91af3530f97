package io.quorate.membership;

/** This member was removed from its cluster and must not run any more. */
public final class MemberRemovedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MemberRemovedException(long id) {
        super("member " + Long.toHexString(id) + " was removed from its cluster", null, false, false);
    }
}
