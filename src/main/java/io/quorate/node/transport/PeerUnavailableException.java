package io.quorate.node.transport;

/** A call to another member got no answer: there is no connection, it was lost, or the time was up. */
public final class PeerUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PeerUnavailableException(long peer, String reason) {
        super("member " + Long.toHexString(peer) + ": " + reason, null, false, false);
    }
}
