package io.quorate.raft.readonly;

/**
 * A read that a member asked for.
 *
 * @param from the member that asked; may be the leader itself
 * @param index the committed index when the leader took it up
 * @param context the tag to answer with
 */
@SuppressWarnings("ArrayRecordComponent") // opaque, never compared
public record ReadRequest(long from, long index, byte[] context) {}
