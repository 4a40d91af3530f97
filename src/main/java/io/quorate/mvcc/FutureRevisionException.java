package io.quorate.mvcc;

/** The revision does not exist yet. */
public final class FutureRevisionException extends MvccException {

    private static final long serialVersionUID = 1L;

    public FutureRevisionException(long revision, long currentRevision) {
        super("revision " + revision + " is in the future, the current revision is " + currentRevision);
    }
}
