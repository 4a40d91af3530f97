package io.quorate.ops;

import io.quorate.ops.MemberStatus.Consensus;
import java.util.function.LongSupplier;
import lombok.RequiredArgsConstructor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * The part {@code raft} of health: a leader is known and committed entries are being applied. Belongs to readiness and
 * never to liveness, or the loss of a quorum would restart every member that is still fine.
 */
@RequiredArgsConstructor
public class RaftHealthIndicator implements HealthIndicator {

    private final MemberStatus status;

    /** Committed entries that may wait, now, before the member counts as behind. */
    private final LongSupplier applyGapMax;

    @Override
    public Health health() {
        Consensus now = status.consensus();
        if (status.isFoundedAnew()) {
            return Health.outOfService()
                    .withDetail("reason", "another member knows this one by another log: it was founded anew")
                    .build();
        }
        return builder(now)
                .withDetail("role", now.role())
                .withDetail("leader", now.hasLeader() ? Long.toHexString(now.leaderId()) : "none")
                .withDetail("term", now.term())
                .withDetail("committedIndex", now.committedIndex())
                .withDetail("appliedIndex", now.appliedIndex())
                .build();
    }

    private Health.Builder builder(Consensus now) {
        if (!now.hasLeader()) {
            return Health.outOfService().withDetail("reason", "no leader is known");
        }
        if (now.applyGap() > applyGapMax.getAsLong()) {
            return Health.outOfService().withDetail("reason", now.applyGap() + " committed entries are not applied");
        }
        return Health.up();
    }
}
