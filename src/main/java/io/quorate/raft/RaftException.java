package io.quorate.raft;

/**
 * A request that the core refuses now; its state is as if the request had not been made. Carries no stack trace, since
 * refusing is an ordinary answer.
 */
public abstract sealed class RaftException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RaftException(String message) {
        super(message, null, false, false);
    }

    /**
     * A proposal that was not taken up: there is no leader, leadership is being transferred, the leader is no member any
     * more, or too much is uncommitted. It will surely not commit, so it may be proposed again.
     */
    public static final class ProposalDroppedException extends RaftException {

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

    /** A message that only the member itself may create came from outside. */
    public static final class StepLocalMessageException extends RaftException {

        private static final long serialVersionUID = 1L;

        StepLocalMessageException() {
            super("raft: cannot step raft local message");
        }
    }

    /** An answer from a node that is not a member. */
    public static final class StepPeerNotFoundException extends RaftException {

        private static final long serialVersionUID = 1L;

        StepPeerNotFoundException() {
            super("raft: cannot step as peer not found");
        }
    }
}
