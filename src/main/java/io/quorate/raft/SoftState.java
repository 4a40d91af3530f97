package io.quorate.raft;

/**
 * What the application wants to know but nobody needs to store.
 *
 * @param leader the current leader; 0 when none is known
 * @param role this member's role
 */
public record SoftState(long leader, Role role) {}
