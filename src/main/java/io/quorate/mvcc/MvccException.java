package io.quorate.mvcc;

/** A revision that cannot be read or compacted; the caller's mistake, so it carries no stack trace. */
public abstract sealed class MvccException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MvccException(String message) {
        super(message, null, false, false);
    }

    /** The revision was compacted away: it lies below the compacted revision, or a compaction does not exceed the last one. */
    public static final class CompactedException extends MvccException {

        private static final long serialVersionUID = 1L;

        private final long compactedRevision;

        public CompactedException(long revision, long compactedRevision) {
            super("revision " + revision + " has been compacted, the compacted revision is " + compactedRevision);
            this.compactedRevision = compactedRevision;
        }

        /** The compacted revision when the error arose: the oldest one that can still be read. */
        public long compactedRevision() {
            return compactedRevision;
        }
    }

    /** A state is being loaded in parts: none of them can be read before the last. */
    public static final class LoadingException extends MvccException {

        private static final long serialVersionUID = 1L;

        LoadingException() {
            super("the key space is being loaded");
        }
    }

    /** The revision does not exist yet. */
    public static final class FutureRevisionException extends MvccException {

        private static final long serialVersionUID = 1L;

        public FutureRevisionException(long revision, long currentRevision) {
            super("revision " + revision + " is in the future, the current revision is " + currentRevision);
        }
    }
}
