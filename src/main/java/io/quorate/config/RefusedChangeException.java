package io.quorate.config;

/** A change of a running member's settings that is not made. The message names the setting and says why. */
public final class RefusedChangeException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why it is refused. */
    public enum Reason {
        /** There is no such setting. */
        UNKNOWN,
        /** The value cannot be used. */
        BAD_VALUE,
        /** It is read at start only. */
        NEEDS_RESTART
    }

    private final Reason reason;

    RefusedChangeException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
