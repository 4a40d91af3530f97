package io.quorate.proposal;

import static io.quorate.proposal.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.apply.LogGate;
import io.quorate.apply.Outcome;
import io.quorate.base.RequestError;
import io.quorate.membership.Membership;
import io.quorate.membership.MemoryMembers;
import io.quorate.node.SteppedNode;
import io.quorate.proto.EmptyResponse;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.membershippb.DowngradeInfoSetRequest;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cluster of one at version 3.6. */
class DowngradesTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(7);
    private final SteppedNode member = new SteppedNode(1).elected();
    private final Membership membership = new MemoryMembers().open();
    private final PendingProposals pending = new PendingProposals(deadline -> RequestError.TIMEOUT);
    private final IdGenerator ids = new IdGenerator(SteppedNode.ID, 0);
    private final LinearizableReader reader = new LinearizableReader(
            member.node, new ApplyWaiters(Long.MAX_VALUE), ids, member.clock, Runnable::run, TIMEOUT, 10);
    private final Downgrades downgrades = new Downgrades(
            reader,
            new Proposer(
                    member.node,
                    pending,
                    ids,
                    member.clock,
                    () -> 0,
                    new Proposer.Limits(1 << 20, () -> 100, TIMEOUT, new LogGate(() -> "3.7.0"))),
            membership);

    @BeforeEach
    void agree() {
        membership.setClusterVersion("3.6.0");
        member.sent.clear();
    }

    /** Lets the round of the reader end. */
    private void confirmReads() {
        member.settle();
        if (!member.reads.isEmpty()) {
            reader.readStates(List.copyOf(member.reads));
            member.reads.clear();
        }
        member.settle();
    }

    private List<InternalRaftRequest> proposed() throws Exception {
        List<InternalRaftRequest> requests = new ArrayList<>();
        for (Entry entry : member.applied) {
            if (entry.type() == EntryType.NORMAL && entry.data().length > 0) {
                requests.add(InternalRaftRequest.parseFrom(entry.data()));
            }
        }
        return requests;
    }

    private CompletableFuture<String> validate(String target) {
        CompletableFuture<String> result = downgrades.validate(target).toCompletableFuture();
        confirmReads();
        return result;
    }

    @Test
    void validateWhenTheTargetIsOneMinorBelowTellsTheVersionOfNow() throws Exception {
        assertThat(validate("3.5.0")).isCompletedWithValue("3.6");
        assertThat(validate("3.5")).isCompletedWithValue("3.6");
        assertThat(proposed()).isEmpty();
    }

    @Test
    void validateWaitsForWhatWasCommittedBefore() {
        CompletableFuture<String> result = downgrades.validate("3.5.0").toCompletableFuture();
        assertThat(result).isNotDone();
        confirmReads();
        assertThat(result).isCompleted();
    }

    @Test
    void validateWhenTheTargetIsNoVersionOrAnotherRefuses() {
        assertRefused(validate("tomorrow"), RequestError.DOWNGRADE_VERSION_FORMAT);
        assertRefused(validate("3.4.0"), RequestError.DOWNGRADE_TARGET_INVALID);
        assertRefused(validate("3.6.0"), RequestError.DOWNGRADE_TARGET_INVALID);
    }

    @Test
    void validateWhenOneIsOnRefuses() {
        membership.setDowngradeTarget("3.5.0");
        assertRefused(validate("3.5.0"), RequestError.DOWNGRADE_IN_PROGRESS);
    }

    @Test
    void enableProposesTheTarget() throws Exception {
        CompletableFuture<String> result = downgrades.enable("3.5.0").toCompletableFuture();
        confirmReads();
        DowngradeInfoSetRequest change = proposed().getFirst().getDowngradeInfoSet();
        assertThat(change.getEnabled()).isTrue();
        assertThat(change.getVer()).isEqualTo("3.5.0");
        assertThat(result).isNotDone();
        pending.complete(proposed().getFirst().getID(), new Outcome.Done(EmptyResponse.getDefaultInstance()));
        assertThat(result).isCompletedWithValue("3.6");
    }

    @Test
    void enableWhenTheTargetIsWrongProposesNothing() throws Exception {
        CompletableFuture<String> result = downgrades.enable("3.4.0").toCompletableFuture();
        confirmReads();
        assertRefused(result, RequestError.DOWNGRADE_TARGET_INVALID);
        assertThat(proposed()).isEmpty();
    }

    @Test
    void cancelWhenOneIsOnProposesItsEnd() throws Exception {
        membership.setDowngradeTarget("3.5.0");
        CompletableFuture<String> result = downgrades.cancel().toCompletableFuture();
        confirmReads();
        assertThat(proposed())
                .singleElement()
                .satisfies(request -> assertThat(request.hasDowngradeInfoSet()).isTrue());
        assertThat(proposed().getFirst().getDowngradeInfoSet().getEnabled()).isFalse();
        pending.complete(proposed().getFirst().getID(), new Outcome.Done(EmptyResponse.getDefaultInstance()));
        assertThat(result).isCompletedWithValue("3.6");
    }

    @Test
    void cancelWhenNoneIsOnIsDone() throws Exception {
        CompletableFuture<String> result = downgrades.cancel().toCompletableFuture();
        confirmReads();
        assertThat(result).isCompletedWithValue("3.6");
        assertThat(proposed()).isEmpty();
    }
}
