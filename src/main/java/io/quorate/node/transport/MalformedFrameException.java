package io.quorate.node.transport;

/** Bytes of a peer that cannot be what a member sends. The connection ends; nothing of the frame was used. */
final class MalformedFrameException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MalformedFrameException(String problem) {
        super(problem, null, false, false);
    }
}
