package io.quorate.proposal;

import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import io.quorate.node.RaftNode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Hands the leadership over to another voter, on request or before this member stops. */
public final class LeaderTransfer {

    private final Membership membership;
    private final RaftNode node;
    private final LeaderView view;
    private final Connectivity connectivity;
    private final Map<CompletableFuture<Void>, Long> waiting = new ConcurrentHashMap<>();

    public LeaderTransfer(Membership membership, RaftNode node, LeaderView view, Connectivity connectivity) {
        this.membership = membership;
        this.node = node;
        this.view = view;
        this.connectivity = connectivity;
    }

    /**
     * Makes a member the leader.
     *
     * @return completes when it is; fails with a {@link RequestException}
     */
    public CompletableFuture<Void> transfer(long to, Duration timeout) {
        if (!view.isLocal()) {
            return refused(RequestError.NOT_LEADER);
        }
        Member target = membership.member(to);
        if (target == null || target.isLearner()) {
            return refused(RequestError.BAD_LEADER_TRANSFEREE);
        }
        if (to == membership.localId()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        waiting.put(done, to);
        var unused = node.call(core -> {
            core.transferLeadership(to);
            return true;
        });
        return done.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((nothing, failure) -> waiting.remove(done))
                .exceptionallyCompose(failure -> refused(RequestError.LEADER_TRANSFER_TIMEOUT));
    }

    /** Hands over to the voter that could be reached for the longest time, if this member leads and there is one. */
    public CompletableFuture<Void> handOver(Duration timeout) {
        long to = view.isLocal() ? connectivity.longestActiveVoter() : 0;
        return to == 0 ? CompletableFuture.completedFuture(null) : transfer(to, timeout);
    }

    /** Another leader is known; on the {@code raft-node} thread. */
    public void leaderIs(long leader) {
        waiting.forEach((done, wanted) -> {
            if (wanted == leader) {
                done.complete(null);
            }
        });
    }

    private static CompletableFuture<Void> refused(RequestError error) {
        return CompletableFuture.failedFuture(new RequestException(error));
    }
}
