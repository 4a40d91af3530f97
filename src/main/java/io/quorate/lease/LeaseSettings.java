package io.quorate.lease;

import java.time.Duration;
import lombok.Builder;
import lombok.With;

/**
 * Limits and intervals of leases.
 *
 * @param ttlMinSeconds a shorter time to live is raised to this
 * @param expiryInterval time between two searches for expired leases
 * @param expiryBatch expired leases offered at each look
 * @param expiryRetry time after which an expired lease that is not gone is offered again
 * @param checkpoints whether remaining times are put into the log
 * @param checkpointInterval time between two checkpoints of a lease; a lease with less than that left needs none
 * @param checkpointBatch leases in one checkpoint
 * @param checkpointRetry time after which a renewal that waits for its checkpoint proposes it again
 */
@Builder
@With
public record LeaseSettings(
        long ttlMinSeconds,
        Duration expiryInterval,
        int expiryBatch,
        Duration expiryRetry,
        boolean checkpoints,
        Duration checkpointInterval,
        int checkpointBatch,
        Duration checkpointRetry) {

    public LeaseSettings {
        requirePositive("ttlMinSeconds", ttlMinSeconds);
        requirePositive("expiryInterval", expiryInterval.toNanos());
        requirePositive("expiryBatch", expiryBatch);
        requirePositive("expiryRetry", expiryRetry.toNanos());
        requirePositive("checkpointInterval", checkpointInterval.toNanos());
        requirePositive("checkpointBatch", checkpointBatch);
        requirePositive("checkpointRetry", checkpointRetry.toNanos());
    }

    /** etcd's values for an election timeout, with checkpoints off. */
    public static LeaseSettings forElectionTimeout(Duration electionTimeout) {
        long seconds = Duration.ofSeconds(1).toNanos();
        return builder()
                .ttlMinSeconds(Math.ceilDiv(electionTimeout.toNanos() * 3, 2 * seconds))
                .expiryInterval(Duration.ofMillis(500))
                .expiryBatch(500)
                .expiryRetry(Duration.ofSeconds(7))
                .checkpoints(false)
                .checkpointInterval(Duration.ofMinutes(5))
                .checkpointBatch(1000)
                .checkpointRetry(Duration.ofSeconds(1))
                .build();
    }

    /** Leases that may be revoked in a second. */
    long revokedPerSecond() {
        return Math.max(1, expiryBatch * Duration.ofSeconds(1).toNanos() / expiryInterval.toNanos());
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive but is " + value);
        }
    }
}
