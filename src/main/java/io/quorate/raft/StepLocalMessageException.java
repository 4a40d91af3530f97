package io.quorate.raft;

/** A message that only the member itself may create came from outside. */
public final class StepLocalMessageException extends RaftException {

    private static final long serialVersionUID = 1L;

    StepLocalMessageException() {
        super("raft: cannot step raft local message");
    }
}
