package io.quorate.node.transport;

/** The other member answered a call, by saying that it failed; the message is its own. */
public final class PeerCallException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PeerCallException(String message) {
        super(message, null, false, false);
    }
}
