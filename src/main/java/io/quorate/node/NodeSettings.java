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
 */
public record NodeSettings(long id, long tickNanos, int inboxSize, int maxWals, long catchUpBytes) {}
