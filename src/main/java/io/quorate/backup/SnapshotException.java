package io.quorate.backup;

/** A file is no snapshot, a damaged one, or cannot be restored there. The message is written for the operator. */
public final class SnapshotException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SnapshotException(String message) {
        super(message);
    }

    public SnapshotException(String message, Throwable cause) {
        super(message, cause);
    }
}
