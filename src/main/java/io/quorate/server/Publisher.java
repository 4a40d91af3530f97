package io.quorate.server;

import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import io.quorate.membership.Versions;
import io.quorate.proposal.Proposer;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.membershippb.Attributes;
import io.quorate.proto.membershippb.ClusterMemberAttrSetRequest;
import io.quorate.proto.membershippb.ClusterVersionSetRequest;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Tells the cluster this member's name and client URLs, through Raft, until it succeeds; only then is the member ready
 * for clients. The leader also sets the cluster's version when it is not decided yet, and
 * to the target of a downgrade or back.
 */
@Slf4j
public final class Publisher {

    private final Membership membership;
    private final ConsensusState consensus;
    private final Proposer proposer;
    private final String name;
    private final List<String> clientUrls;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private final CompletableFuture<Void> published = new CompletableFuture<>();
    private volatile int restorationsBefore;

    public Publisher(
            Membership membership, ConsensusState consensus, Proposer proposer, String name, List<String> clientUrls) {
        this.membership = membership;
        this.consensus = consensus;
        this.proposer = proposer;
        this.name = name;
        this.clientUrls = List.copyOf(clientUrls);
    }

    /** Completes when the cluster knows this member. */
    public CompletableFuture<Void> published() {
        return published;
    }

    /** Retries unless it succeeded or an attempt runs. Called when the leader changes, and every 100 ms by {@code timer}. */
    public void poll() {
        boolean publishes = !published.isDone();
        boolean due = publishes || isVersionDue();
        if (!due || consensus.leader() == 0) {
            return;
        }
        if (!underWay.compareAndSet(false, true)) {
            if (publishes && cameWithASnapshot()) {
                markPublished();
            }
            return;
        }
        restorationsBefore = membership.restorations();
        CompletionStage<?> first = publishes ? proposer.propose(attributes()) : CompletableFuture.completedFuture(null);
        CompletionStage<?> unused = first.thenCompose(ignored -> proposeVersion())
                .whenComplete((ignored, failure) -> ended(publishes, failure));
    }

    /**
     * A member that joined a moment ago often gets a state which contains what it has proposed: it will never apply that entry,
     * and would wait for it in vain.
     */
    private boolean cameWithASnapshot() {
        Member self = membership.member(membership.localId());
        return membership.restorations() != restorationsBefore
                && self != null
                && self.name().equals(name)
                && self.clientUrls().equals(clientUrls);
    }

    private void markPublished() {
        if (published.complete(null)) {
            log.info("published name {} and client URLs {} to the cluster", name, clientUrls);
        }
    }

    private boolean isVersionDue() {
        return consensus.isLeader() && !version().equals(membership.clusterVersion());
    }

    /** What the cluster should agree on: what its members understand, or the target of a downgrade. */
    private String version() {
        return Objects.requireNonNullElse(membership.downgradeTarget(), Versions.CLUSTER);
    }

    private void ended(boolean publishes, @Nullable Throwable failure) {
        underWay.set(false);
        if (failure == null && publishes) {
            markPublished();
        } else if (failure == null) {
            log.info("set the cluster's version to {}", membership.clusterVersion());
        } else if (!publishes || !published.isDone()) {
            log.warn("publishing this member to the cluster failed, will retry: {}", failure.toString());
        }
    }

    private InternalRaftRequest.Builder attributes() {
        return InternalRaftRequest.newBuilder()
                .setClusterMemberAttrSet(ClusterMemberAttrSetRequest.newBuilder()
                        .setMemberID(membership.localId())
                        .setMemberAttributes(
                                Attributes.newBuilder().setName(name).addAllClientUrls(clientUrls)));
    }

    private CompletionStage<?> proposeVersion() {
        if (!isVersionDue()) {
            return CompletableFuture.completedFuture(null);
        }
        return proposer.propose(InternalRaftRequest.newBuilder()
                .setClusterVersionSet(ClusterVersionSetRequest.newBuilder().setVer(version())));
    }
}
