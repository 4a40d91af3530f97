package io.quorate.node;

/**
 * What the node needs to know.
 *
 * @param id this member
 * @param tickNanos the heartbeat interval, one tick of the core, in nanoseconds
 * @param inboxSize how many events may wait for the node; a power of two
 * @param maxWals how many segments of the log to keep at least; 0 keeps all
 * @param catchUpBytes of the entries that are kept in memory for slow followers, whatever their number, the data at most;
 *     a follower that needs older ones gets a snapshot
 * @param startsHeld whether the node takes no part in consensus until {@link RaftNode#release}: the member's log is empty, and
 *     it is not known yet that it never had another one
 * @param writesItself whether the node writes the log on its own thread where {@link RaftNode} says that this pays; otherwise the
 *     thread of the log does always
 */
public record NodeSettings(
        long id,
        long tickNanos,
        int inboxSize,
        int maxWals,
        long catchUpBytes,
        boolean startsHeld,
        boolean writesItself) {

    /** Settings of a node that takes part from the beginning and leaves the log to its thread. */
    public NodeSettings(long id, long tickNanos, int inboxSize, int maxWals, long catchUpBytes) {
        this(id, tickNanos, inboxSize, maxWals, catchUpBytes, false, false);
    }
}
