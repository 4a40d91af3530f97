package io.quorate.integrity;

import io.quorate.base.Timed;
import io.quorate.membership.Membership;
import io.quorate.mvcc.HashKv;
import io.quorate.mvcc.MvccStore;
import io.quorate.proposal.KnownLeader;
import io.quorate.proposal.PeerCalls;
import io.quorate.proposal.Proposer;
import io.quorate.proposal.ReadPool;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmType;
import io.quorate.proto.InternalRaftRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import lombok.extern.slf4j.Slf4j;

/** The leader's comparisons of all members, as time passes. One runs at a time. */
@Slf4j
public final class IntegrityMonitor implements Timed {

    private static final Duration FENCE_TIMEOUT = Duration.ofSeconds(5);

    /** No member: the alarm when it is unknown which member is wrong. */
    private static final long NOBODY = 0;

    /**
     * How often.
     *
     * @param newest between comparisons of the newest revision; zero for never
     * @param compactions between comparisons of the newest compaction; zero for never
     */
    public record Intervals(Duration newest, Duration compactions) {}

    private final LocalHistory local;
    private final Membership membership;
    private final KnownLeader view;
    private final PeerCalls peers;
    private final Proposer proposer;
    private final Intervals intervals;
    private final Comparison comparison;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private long nextNewest;
    private long nextCompactions;
    private volatile long comparedCompaction;

    public IntegrityMonitor(
            LocalHistory local,
            Membership membership,
            KnownLeader view,
            PeerCalls peers,
            Proposer proposer,
            Intervals intervals,
            long nowNanos) {
        this.local = local;
        this.membership = membership;
        this.view = view;
        this.peers = peers;
        this.proposer = proposer;
        this.intervals = intervals;
        this.comparison = new Comparison(membership, peers);
        this.nextNewest = nowNanos + intervals.newest().toNanos();
        this.nextCompactions = nowNanos + intervals.compactions().toNanos();
    }

    /** Begins a comparison if one is due; called every 100 ms by {@code timer}. */
    @Override
    public void poll(long nowNanos) {
        if (!intervals.compactions().isZero()) {
            local.compactions().poll();
            if (nowNanos - nextCompactions >= 0 && begin()) {
                nextCompactions = nowNanos + intervals.compactions().toNanos();
                run(this::compareCompaction);
            }
        }
        if (!intervals.newest().isZero() && nowNanos - nextNewest >= 0 && begin()) {
            nextNewest = nowNanos + intervals.newest().toNanos();
            run(this::compareNewest);
        }
    }

    private boolean begin() {
        return underWay.compareAndSet(false, true);
    }

    private interface Check {
        CompletionStage<Void> run();
    }

    private void run(Check check) {
        CompletionStage<?> unused = view.ensured()
                .get()
                .thenComposeAsync(leads -> leads ? check.run() : CompletableFuture.completedStage(null), local.worker())
                .whenComplete((done, failure) -> {
                    underWay.set(false);
                    if (failure != null) {
                        log.warn("the members could not be compared: {}", failure.toString());
                    }
                });
    }

    private CompletionStage<Void> compareNewest() {
        if (local.store().isLoading()) {
            return CompletableFuture.completedStage(null);
        }
        HashKv.Result own = local.store().hashKv(0);
        return compare(IntegrityCall.HASH, HistoryHash.of(own));
    }

    private CompletionStage<Void> compareCompaction() {
        Optional<HistoryHash> newest = local.compactions().newestAbove(comparedCompaction);
        if (newest.isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        HistoryHash own = newest.get();
        return compare(IntegrityCall.COMPACTION_HASH, own)
                .thenAccept(done -> comparedCompaction = own.compactRevision());
    }

    private CompletionStage<Void> compare(IntegrityCall call, HistoryHash own) {
        return comparison
                .collect(call, own)
                .thenCompose(hashes ->
                        act(own, Verdict.of(own, hashes, membership.members().size()), hashes));
    }

    private CompletionStage<Void> act(HistoryHash own, Verdict verdict, Map<Long, HistoryHash> hashes) {
        return switch (verdict) {
            case Verdict.Alike() -> {
                log.debug("{} members agree up to revision {}", hashes.size(), own.revision());
                yield CompletableFuture.completedStage(null);
            }
            case Verdict.Undecided() -> {
                log.error("members differ up to revision {}, and no majority agrees: {}", own.revision(), hashes);
                yield raise(NOBODY);
            }
            case Verdict.Differing(var members) ->
                CompletableFuture.allOf(members.stream()
                        .map(member -> fence(member, own.revision()).toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new));
        };
    }

    /** A member that cannot be asked is not known to stop serving, so the cluster stops writing. */
    private CompletionStage<Void> fence(long member, long revision) {
        String id = Long.toHexString(member);
        log.error("member {} differs from the majority up to revision {}", id, revision);
        if (member == membership.localId()) {
            boolean rebuilds = local.repair().begin("the majority has another history up to revision " + revision);
            return rebuilds ? CompletableFuture.completedStage(null) : raise(member);
        }
        byte[] request = ByteBuffer.allocate(Long.BYTES).putLong(revision).array();
        return peers.call(member, IntegrityCall.DIFFERS.number(), request, FENCE_TIMEOUT)
                .handle((answer, failure) -> failure == null && answer.length == 1 && answer[0] == 1)
                .thenCompose(rebuilds -> rebuilds ? rebuilding(id) : raise(member));
    }

    private static CompletionStage<Void> rebuilding(String id) {
        log.info("member {} rebuilds its state", id);
        return CompletableFuture.completedStage(null);
    }

    private CompletionStage<Void> raise(long member) {
        AlarmRequest.Builder alarm = AlarmRequest.newBuilder()
                .setAction(AlarmRequest.AlarmAction.ACTIVATE)
                .setMemberID(member)
                .setAlarm(AlarmType.CORRUPT);
        return proposer.propose(InternalRaftRequest.newBuilder().setAlarm(alarm))
                .thenAccept(done -> {});
    }

    /**
     * This member's own history, and the thread that hashes it.
     *
     * @param worker one thread, so that hashes cost no more than that
     * @param repair what happens when it is wrong
     */
    public record LocalHistory(MvccStore store, CompactionHashes compactions, ReadPool worker, SelfRepair repair)
            implements AutoCloseable {

        @Override
        public void close() {
            worker.close();
        }
    }

    /** What this member does when its own state turns out to be wrong. */
    @FunctionalInterface
    public interface SelfRepair {

        /**
         * Begins to rebuild the state, if that is wanted and possible: it stops serving at once.
         *
         * @param reason for the log
         * @return false if an operator has to act, so that the alarm is due
         */
        boolean begin(String reason);
    }
}
