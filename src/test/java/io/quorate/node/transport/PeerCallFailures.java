package io.quorate.node.transport;

/** Makes the failures of calls that another member answered, for tests of those that call. */
public final class PeerCallFailures {

    private PeerCallFailures() {}

    public static PeerCallException named(String message) {
        return new PeerCallException(message);
    }
}
