package io.quorate.server;

import io.quorate.base.Timed;
import io.quorate.membership.ClusterVersion;
import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import io.quorate.proposal.Proposer;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.membershippb.DowngradeInfoSetRequest;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Ends a downgrade once every member runs the release that it leads to (docs/etcd-v3.md, section 2.11). The leader looks for it, and
 * a member that it has not met yet counts as one that does not.
 *
 * <p>Polled by the {@code timer} thread.
 */
@Slf4j
public final class DowngradeMonitor implements Timed {

    private final Membership membership;
    private final ConsensusState consensus;
    private final Proposer proposer;
    private final String ownVersion;
    private final LongFunction<@Nullable String> versions;
    private final long periodNanos;
    private long nextNanos = Long.MIN_VALUE;

    /**
     * @param ownVersion of this program
     * @param versions of another member's program, by the member's id; null while it is not known
     * @param periodNanos between two checks
     */
    public DowngradeMonitor(
            Membership membership,
            ConsensusState consensus,
            Proposer proposer,
            String ownVersion,
            LongFunction<@Nullable String> versions,
            long periodNanos) {
        this.membership = membership;
        this.consensus = consensus;
        this.proposer = proposer;
        this.ownVersion = ownVersion;
        this.versions = versions;
        this.periodNanos = periodNanos;
    }

    /** Checks whether the downgrade is complete; called every 100 ms by {@code timer}. */
    @Override
    public void poll(long nowNanos) {
        String target = membership.downgradeTarget();
        boolean early = nextNanos != Long.MIN_VALUE && nowNanos - nextNanos < 0;
        if (early || target == null || !consensus.isLeader()) {
            return;
        }
        nextNanos = nowNanos + periodNanos;
        ClusterVersion goal = ClusterVersion.parse(target);
        if (membership.members().stream().allMatch(member -> runs(member, goal))) {
            CompletionStage<?> unused = proposer.propose(
                            InternalRaftRequest.newBuilder().setDowngradeInfoSet(DowngradeInfoSetRequest.newBuilder()))
                    .whenComplete((ignored, failure) -> ended(target, failure));
        }
    }

    private boolean runs(Member member, @Nullable ClusterVersion goal) {
        String version = member.id() == membership.localId() ? ownVersion : versions.apply(member.id());
        ClusterVersion running = version == null ? null : ClusterVersion.parse(version);
        return running != null && running.equals(goal);
    }

    private static void ended(String target, @Nullable Throwable failure) {
        if (failure == null) {
            log.info("every member runs {}: the downgrade is complete", target);
        } else {
            log.warn("completing the downgrade to {} failed, will retry: {}", target, failure.toString());
        }
    }
}
