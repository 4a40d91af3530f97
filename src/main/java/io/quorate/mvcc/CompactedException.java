package io.quorate.mvcc;

/** The revision was compacted away: it lies below the compacted revision, or a compaction does not exceed the last one. */
public final class CompactedException extends MvccException {

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
