package io.quorate.raft;

/**
 * The answer to a read request: once the state machine has applied {@code index}, whatever it says is linearizable as of
 * the request (thesis, section 6.4).
 *
 * @param index the committed index when the leader confirmed that it still leads
 * @param context the tag that the request carried
 */
@SuppressWarnings("ArrayRecordComponent") // opaque, never compared
public record ReadState(long index, byte[] context) {}
