package io.quorate.proposal;

import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.membership.ClusterVersion;
import io.quorate.membership.Membership;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.membershippb.DowngradeInfoSetRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Takes the version that the cluster agrees on one minor back, so that members of the release before may join, and forward
 * again (docs/etcd-v3.md, section 2.11). While a downgrade is on, the leader keeps the cluster at its target.
 *
 * <p>Every stage completes with the cluster's version of that moment as major and minor, or fails with a
 * {@link RequestException}.
 */
public final class Downgrades {

    private final LinearizableReader reader;
    private final Proposer proposer;
    private final Membership membership;

    public Downgrades(LinearizableReader reader, Proposer proposer, Membership membership) {
        this.reader = reader;
        this.proposer = proposer;
        this.membership = membership;
    }

    /** Tells whether a downgrade to the version could be started. */
    public CompletionStage<String> validate(String target) {
        return checked(target).thenApply(ignored -> current().brief());
    }

    /** Starts a downgrade. */
    public CompletionStage<String> enable(String target) {
        return checked(target)
                .thenCompose(version -> propose(
                        DowngradeInfoSetRequest.newBuilder().setEnabled(true).setVer(version.toString())));
    }

    /** Ends a downgrade; one that is not on has ended, too. */
    public CompletionStage<String> cancel() {
        return reader.awaitLinearizable()
                .thenCompose(ignored -> membership.downgradeTarget() == null
                        ? CompletableFuture.completedStage(current().brief())
                        : propose(DowngradeInfoSetRequest.newBuilder()));
    }

    private CompletionStage<String> propose(DowngradeInfoSetRequest.Builder change) {
        return proposer.propose(InternalRaftRequest.newBuilder().setDowngradeInfoSet(change))
                .thenApply(ignored -> current().brief());
    }

    private CompletionStage<ClusterVersion> checked(String target) {
        ClusterVersion version = ClusterVersion.parse(target);
        if (version == null) {
            return CompletableFuture.failedStage(new RequestException(RequestError.DOWNGRADE_VERSION_FORMAT));
        }
        return reader.awaitLinearizable().thenApply(ignored -> {
            if (!version.isJustBelow(current())) {
                throw new RequestException(RequestError.DOWNGRADE_TARGET_INVALID);
            }
            if (membership.downgradeTarget() != null) {
                throw new RequestException(RequestError.DOWNGRADE_IN_PROGRESS);
            }
            return version;
        });
    }

    private ClusterVersion current() {
        String agreed = membership.clusterVersion();
        @Nullable ClusterVersion version = agreed == null ? null : ClusterVersion.parse(agreed);
        if (version == null) {
            throw new RequestException(RequestError.CLUSTER_VERSION_UNKNOWN);
        }
        return version;
    }
}
