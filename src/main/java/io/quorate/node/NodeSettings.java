package io.quorate.node;

/**
 * What the node needs to know.
 *
 * @param id this member
 * @param tickNanos the heartbeat interval, one tick of the core, in nanoseconds
 * @param inboxSize how many events may wait for the node; a power of two
 * @param maxWals how many segments of the log to keep at least; 0 keeps all
 */
public record NodeSettings(long id, long tickNanos, int inboxSize, int maxWals) {}
