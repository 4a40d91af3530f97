package io.quorate.raft;

/** An answer from somebody who is no member. */
public final class StepPeerNotFoundException extends RaftException {

    private static final long serialVersionUID = 1L;

    StepPeerNotFoundException() {
        super("raft: cannot step as peer not found");
    }
}
