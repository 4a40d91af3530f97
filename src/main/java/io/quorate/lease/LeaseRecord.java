package io.quorate.lease;

import org.springframework.data.annotation.Id;
import org.springframework.data.keyvalue.annotation.KeySpace;

/**
 * The stored form of a lease.
 *
 * @param id any number but 0
 * @param ttl seconds granted
 * @param remainingTtl seconds that were left at the last checkpoint; 0 if there was none since the last renewal
 */
@KeySpace("lease")
public record LeaseRecord(@Id long id, long ttl, long remainingTtl) {

    /**
     * How much of a lease was left at some moment, so that a new leader need not start from its full time.
     *
     * @param id the lease
     * @param remainingTtl seconds left; 0 means the full time again
     */
    public record LeaseCheckpoint(long id, long remainingTtl) {}
}
