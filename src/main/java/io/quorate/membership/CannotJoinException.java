package io.quorate.membership;

/** The member cannot join the cluster that its settings name; the message says why. */
public final class CannotJoinException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CannotJoinException(String reason) {
        super(reason);
    }
}
