package io.quorate.raft;

/**
 * A request that the core refuses now; its state is as if the request had not been made. Carries no stack trace, since
 * refusing is an ordinary answer.
 */
public abstract sealed class RaftException extends RuntimeException
        permits ProposalDroppedException, StepLocalMessageException, StepPeerNotFoundException {

    private static final long serialVersionUID = 1L;

    RaftException(String message) {
        super(message, null, false, false);
    }
}
