package io.quorate.membership;

/** Most of the members that the settings name belong to another cluster, so that this one would never have a leader. */
public final class WrongClusterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public WrongClusterException(String reason) {
        super(reason, null, false, false);
    }
}
