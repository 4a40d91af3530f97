package io.quorate.node.transport;

import java.time.Duration;

/**
 * How long the transport waits.
 *
 * @param connect for a connection and for its greeting to be answered
 * @param ping between two pings
 * @param silence without any frame after which a connection counts as broken
 * @param backoffMin before the second attempt to dial; doubles with each further one
 * @param backoffMax before any attempt
 * @param partsKept for the rest of a state whose connection broke; after that, what has arrived is deleted
 */
public record PeerTiming(
        Duration connect,
        Duration ping,
        Duration silence,
        Duration backoffMin,
        Duration backoffMax,
        Duration partsKept) {

    /** A state is written and synced on the other side while nothing else is read from the connection. */
    private static final int SNAPSHOT_PATIENCE = 6;

    /** How long a lane may be silent. */
    long silenceNanos(Lane lane) {
        return silence.toNanos() * (lane == Lane.SNAPSHOT ? SNAPSHOT_PATIENCE : 1);
    }

    /** etcd's five seconds for reads, and attempts so close together that a member which is back is noticed at once. */
    public static final PeerTiming DEFAULT = new PeerTiming(
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofMillis(20),
            Duration.ofMillis(500),
            Duration.ofMinutes(2));
}
