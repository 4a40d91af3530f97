package io.quorate.lease;

/**
 * How much of a lease was left at some moment, so that a new leader need not start from its full time.
 *
 * @param id the lease
 * @param remainingTtl seconds left; 0 means the full time again
 */
public record LeaseCheckpoint(long id, long remainingTtl) {}
