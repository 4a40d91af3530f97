package io.quorate.raft;

/**
 * A proposal that was not taken up: there is no leader, leadership is being transferred, the leader is no member any
 * more, or too much is uncommitted. It will surely not commit, so it may be proposed again.
 */
public final class ProposalDroppedException extends RaftException {

    private static final long serialVersionUID = 1L;

    private final boolean tooMuch;

    ProposalDroppedException() {
        this(false);
    }

    /** @param tooMuch whether too much is uncommitted, though there is a leader */
    ProposalDroppedException(boolean tooMuch) {
        super("raft proposal dropped");
        this.tooMuch = tooMuch;
    }

    /** Whether it is only that too much is uncommitted. */
    public boolean isTooMuch() {
        return tooMuch;
    }
}
