package io.quorate.proposal;

import static io.quorate.proposal.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.RequestError;
import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import io.quorate.membership.MemoryMembers;
import io.quorate.node.SteppedNode;
import io.quorate.raft.MessageType;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Member 1 of three voters and a learner; it leads unless the test says otherwise. */
class LeadershipTransferTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final long LEARNER = 4;
    private final SteppedNode member = new SteppedNode(3).elected();
    private final Membership membership = new MemoryMembers().open();
    private final Map<Long, Long> activeSince = new HashMap<>();
    private long leader = SteppedNode.ID;
    private final LeadershipTransfer transfer = new LeadershipTransfer(
            membership,
            member.node,
            new KnownLeader(SteppedNode.ID, () -> leader, () -> CompletableFuture.completedFuture(true), () -> 0),
            new Connectivity(membership, id -> activeSince.getOrDefault(id, 0L), member.clock),
            member.clock);

    @BeforeEach
    void join() {
        for (long id = 1; id <= 3; id++) {
            membership.put(SteppedNode.member(id));
        }
        membership.put(Member.announced(LEARNER, "m4", List.of("http://m4:1"), true));
    }

    private List<Long> askedToTakeOver() {
        member.settle();
        return member.sent(MessageType.TIMEOUT_NOW).stream()
                .map(message -> message.to())
                .toList();
    }

    @Test
    void transferWhenItLeadsAsksTheOtherAndEndsWhenThatLeads() {
        CompletableFuture<Void> done = transfer.transfer(2, TIMEOUT);
        assertThat(askedToTakeOver()).containsExactly(2L);
        transfer.leaderIs(3);
        assertThat(done).isNotDone();
        transfer.leaderIs(2);
        assertThat(done).isCompleted();
    }

    @Test
    void transferWhenTheOtherDoesNotTakeOverInTimeFails() {
        CompletableFuture<Void> done = transfer.transfer(2, TIMEOUT);
        member.clock.advance(TIMEOUT.minusNanos(1));
        transfer.expire(member.clock.nanos());
        assertThat(done).isNotDone();
        member.clock.advance(Duration.ofNanos(1));
        transfer.expire(member.clock.nanos());
        assertRefused(done, RequestError.LEADER_TRANSFER_TIMEOUT);
        transfer.leaderIs(2);
        assertThat(done).isCompletedExceptionally();
    }

    @Test
    void transferWhenItDoesNotLeadRefuses() {
        leader = 3;
        assertRefused(transfer.transfer(2, TIMEOUT), RequestError.NOT_LEADER);
        assertThat(askedToTakeOver()).isEmpty();
    }

    @Test
    void transferToNobodyOrALearnerRefuses() {
        assertRefused(transfer.transfer(9, TIMEOUT), RequestError.BAD_LEADER_TRANSFEREE);
        assertRefused(transfer.transfer(LEARNER, TIMEOUT), RequestError.BAD_LEADER_TRANSFEREE);
        assertThat(askedToTakeOver()).isEmpty();
    }

    @Test
    void transferToItselfIsDoneAtOnce() {
        assertThat(transfer.transfer(SteppedNode.ID, TIMEOUT)).isCompleted();
        assertThat(askedToTakeOver()).isEmpty();
    }

    @Test
    void handOverTakesTheVoterThatWasReachedForTheLongestTime() {
        activeSince.put(2L, 500L);
        activeSince.put(3L, 400L);
        activeSince.put(LEARNER, 1L);
        assertThat(transfer.handOver(TIMEOUT)).isNotDone();
        assertThat(askedToTakeOver()).containsExactly(3L);
    }

    @Test
    void handOverWhenNobodyIsReachedOrAnotherLeadsDoesNothing() {
        assertThat(transfer.handOver(TIMEOUT)).isCompleted();
        activeSince.put(2L, 500L);
        leader = 3;
        assertThat(transfer.handOver(TIMEOUT)).isCompleted();
        assertThat(askedToTakeOver()).isEmpty();
    }

    /** Of two, the one that stays would wait for the vote of the one that is gone. */
    @Test
    void relieveWhenTheLeaderOfTwoLeavesLetsTheOtherLeadFirst() {
        membership.remove(3);
        CompletableFuture<Void> done = transfer.relieve(SteppedNode.ID, TIMEOUT);
        assertThat(askedToTakeOver()).containsExactly(2L);
        assertThat(done).isNotDone();
        transfer.leaderIs(2);
        assertThat(done).isCompleted();
    }

    @Test
    void relieveWhenItIsNotTheLeaderOfTwoThatLeavesDoesNothing() {
        assertThat(transfer.relieve(SteppedNode.ID, TIMEOUT)).as("of three").isCompleted();
        membership.remove(3);
        assertThat(transfer.relieve(2, TIMEOUT)).as("not the leader").isCompleted();
        assertThat(askedToTakeOver()).isEmpty();
    }

    @Test
    void relieveWhenTheOtherOfTwoLeadsAndLeavesTakesOverItself() {
        membership.remove(3);
        leader = 2;
        CompletableFuture<Void> done = transfer.relieve(2, TIMEOUT);
        assertThat(done).isNotDone();
        transfer.leaderIs(SteppedNode.ID);
        assertThat(done).isCompleted();
    }
}
