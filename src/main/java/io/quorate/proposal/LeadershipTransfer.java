package io.quorate.proposal;

import io.quorate.base.MonotonicClock;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import io.quorate.node.RaftNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Hands the leadership over to another voter, on request, before a leader is removed, or before this member stops. */
public final class LeadershipTransfer {

    private final Membership membership;
    private final RaftNode node;
    private final KnownLeader view;
    private final Connectivity connectivity;
    private final MonotonicClock clock;
    private final Map<CompletableFuture<Void>, Awaited> waiting = new ConcurrentHashMap<>();

    private record Awaited(long leader, long deadlineNanos) {}

    public LeadershipTransfer(
            Membership membership, RaftNode node, KnownLeader view, Connectivity connectivity, MonotonicClock clock) {
        this.membership = membership;
        this.node = node;
        this.view = view;
        this.connectivity = connectivity;
        this.clock = clock;
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
        return to == membership.localId() ? CompletableFuture.completedFuture(null) : request(to, timeout);
    }

    /** Hands over to the voter that could be reached for the longest time, if this member leads and there is one. */
    public CompletableFuture<Void> handOver(Duration timeout) {
        long to = view.isLocal() ? connectivity.longestActiveVoter() : 0;
        return to == 0 ? CompletableFuture.completedFuture(null) : transfer(to, timeout);
    }

    /**
     * Takes the leadership from a voter that is to be removed, if it would leave one voter behind, and gives it to that one.
     * A leader steps down when it applies its own removal. Of three or more, the others elect one that has the removal in its
     * log; of two, the other may not know that it is committed, and would wait for the vote of one that is gone.
     *
     * @return completes when the removal may be proposed; fails with a {@link RequestException}
     */
    CompletableFuture<Void> relieve(long leaving, Duration timeout) {
        List<Member> voters = membership.members().stream()
                .filter(member -> !member.isLearner())
                .toList();
        if (voters.size() != 2 || view.leader().getAsLong() != leaving) {
            return CompletableFuture.completedFuture(null);
        }
        Member staying = voters.getFirst().id() == leaving ? voters.getLast() : voters.getFirst();
        return request(staying.id(), timeout);
    }

    /** The leader may be another member: the core passes the wish on. */
    private CompletableFuture<Void> request(long to, Duration timeout) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        waiting.put(done, new Awaited(to, clock.nanos() + timeout.toNanos()));
        Stages.whenDone(
                "handing the leadership on",
                node.call(core -> {
                    core.transferLeadership(to);
                    return true;
                }),
                (asked, failure) -> {
                    if (failure != null && waiting.remove(done) != null) {
                        done.completeExceptionally(failure);
                    }
                });
        return done;
    }

    /** Another leader is known; on the {@code raft-node} thread. */
    public void leaderIs(long leader) {
        waiting.forEach((done, awaited) -> {
            if (awaited.leader() == leader && waiting.remove(done, awaited)) {
                done.complete(null);
            }
        });
    }

    /** Fails transfers whose deadline has passed; called every 100 ms by {@code timer}. */
    public void expire(long nowNanos) {
        waiting.forEach((done, awaited) -> {
            if (nowNanos - awaited.deadlineNanos() >= 0 && waiting.remove(done, awaited)) {
                done.completeExceptionally(new RequestException(RequestError.LEADER_TRANSFER_TIMEOUT));
            }
        });
    }

    private static CompletableFuture<Void> refused(RequestError error) {
        return CompletableFuture.failedFuture(new RequestException(error));
    }
}
