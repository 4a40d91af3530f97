package io.quorate.raft;

/**
 * A founding member.
 *
 * @param id its id
 * @param context what the application wants to find in the membership change that adds it
 */
@SuppressWarnings("ArrayRecordComponent") // opaque, never compared
public record Peer(long id, byte[] context) {}
