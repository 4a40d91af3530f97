package io.quorate.raft.confchange;

/** A change that would break the safety of membership changes; the configuration stays as it was. */
public final class InvalidConfChangeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The texts are those of etcd. */
    public InvalidConfChangeException(String message) {
        super(message);
    }
}
