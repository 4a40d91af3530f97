package io.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Fault;
import io.quorate.raft.ConfState;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.RawNodeAccess;
import io.quorate.raft.Ready.ReadState;
import io.quorate.raft.Role;
import io.quorate.raft.Snapshot;
import io.quorate.raft.confchange.ChangeType;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.tracker.Progress;
import io.quorate.raft.tracker.ProgressState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Rounds of a node with its log writer, one after the other. */
class RaftNodeStepTests {

    private static final Duration TICK = SteppedNode.HEARTBEAT;
    private static final int ELECTION_TICKS = 10;
    private static final int INBOX = 64;
    private static final long LEADER = 2;
    private static final long LAGGARD = 3;

    private static int campaigns(SteppedNode member) {
        return member.sent(MessageType.PRE_VOTE).size();
    }

    /** The first round ends with the campaign, the next one has what follows from it; no time passes. */
    private static SteppedNode alone() {
        return new SteppedNode(1).settle().settle();
    }

    // ---- time

    @Test
    void workWhenItIsAloneElectsItselfWithoutWaiting() {
        SteppedNode member = alone();
        assertThat(member.node.status().role()).isEqualTo(Role.LEADER);
        assertThat(member.node.status().term()).isEqualTo(2);
    }

    @Test
    void workWhenThereAreOthersWaitsForTheElectionTimeout() {
        SteppedNode member = new SteppedNode(3).settle();
        assertThat(member.node.status().role()).isEqualTo(Role.FOLLOWER);
        member.pass(TICK.multipliedBy(ELECTION_TICKS - 1));
        assertThat(campaigns(member)).isZero();
        member.pass(TICK);
        assertThat(campaigns(member)).isEqualTo(2);
    }

    /** An election clock that jumped would depose a leader after each pause of this member. */
    @Test
    void workAfterAPauseMakesOneTick() {
        SteppedNode member = new SteppedNode(3).settle();
        member.clock.advance(TICK.multipliedBy(100));
        member.settle();
        assertThat(campaigns(member)).isZero();
        member.pass(TICK.multipliedBy(ELECTION_TICKS - 2));
        assertThat(campaigns(member)).isZero();
        member.pass(TICK);
        assertThat(campaigns(member)).isEqualTo(2);
    }

    private static int heartbeats(SteppedNode member) {
        int heartbeats = member.sent(MessageType.HEARTBEAT).size() / 2;
        member.sent.clear();
        return heartbeats;
    }

    @Test
    void workWhenATickComesLateKeepsTheGrid() {
        SteppedNode member = new SteppedNode(3).elected();
        heartbeats(member);
        member.clock.advance(TICK.plusMillis(40));
        member.settle();
        assertThat(heartbeats(member)).isEqualTo(1);
        assertThat(member.node.doWork()).isEqualTo(Duration.ofMillis(60).toNanos());
        member.clock.advance(Duration.ofMillis(60).minusNanos(1));
        member.settle();
        assertThat(heartbeats(member)).isZero();
        member.clock.advance(Duration.ofNanos(1));
        member.settle();
        assertThat(heartbeats(member)).isEqualTo(1);
    }

    @Test
    void workWhenATickWasMissedBeginsAnew() {
        SteppedNode member = new SteppedNode(3).elected();
        heartbeats(member);
        member.clock.advance(TICK.multipliedBy(2).plusMillis(40));
        member.settle();
        assertThat(heartbeats(member)).isEqualTo(1);
        assertThat(member.node.doWork()).isEqualTo(TICK.toNanos());
    }

    @Test
    void isPausedWhenTheLastTickIsTooLongAgo() {
        SteppedNode member = new SteppedNode(3).settle();
        member.pass(TICK);
        member.clock.advance(TICK.multipliedBy(3));
        assertThat(member.node.isPaused()).isFalse();
        member.clock.advance(Duration.ofNanos(1));
        assertThat(member.node.isPaused()).isTrue();
        assertThat(member.node.pauses()).isZero();
        member.settle();
        assertThat(member.node.isPaused()).isFalse();
        assertThat(member.node.pauses()).isEqualTo(1);
        member.clock.advance(TICK.multipliedBy(3));
        member.settle();
        assertThat(member.node.pauses()).as("just in time").isEqualTo(1);
    }

    @Test
    void lateHeartbeatsWhenOthersWaitForThemAreCounted() {
        SteppedNode leader = new SteppedNode(3).elected();
        leader.clock.advance(TICK.multipliedBy(4));
        leader.settle();
        assertThat(leader.node.lateHeartbeats()).isEqualTo(1);

        SteppedNode alone = alone();
        alone.clock.advance(TICK.multipliedBy(4));
        alone.settle();
        assertThat(alone.node.lateHeartbeats()).isZero();

        SteppedNode follower = new SteppedNode(3).following(LEADER, 2);
        follower.clock.advance(TICK.multipliedBy(4));
        follower.settle();
        assertThat(follower.node.lateHeartbeats()).isZero();
    }

    @Test
    void advanceElectionWhenNoLeaderIsKnownLeavesTwoTicks() {
        SteppedNode member = new SteppedNode(3).settle();
        member.node.advanceElection(ELECTION_TICKS);
        member.settle();
        member.pass(TICK);
        assertThat(campaigns(member)).isZero();
        member.pass(TICK);
        assertThat(campaigns(member)).isEqualTo(2);
    }

    @Test
    void advanceElectionWhenALeaderIsKnownLeavesTheClockAlone() {
        SteppedNode member = new SteppedNode(3).following(LEADER, 2);
        member.node.advanceElection(ELECTION_TICKS);
        member.settle();
        member.pass(TICK.multipliedBy(ELECTION_TICKS - 1));
        assertThat(campaigns(member)).isZero();
    }

    // ---- what others hand in

    private static Proposal numbered(int number, AtomicInteger dropped) {
        return new Proposal() {

            @Override
            public byte[] data() {
                return Integer.toString(number).getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public void dropped() {
                dropped.incrementAndGet();
            }
        };
    }

    @Test
    void handInWhenTheInboxIsFullIsRefused() {
        SteppedNode member = new SteppedNode(3).following(LEADER, 2);
        AtomicInteger dropped = new AtomicInteger();
        for (int i = 0; i < INBOX; i++) {
            assertThat(member.node.propose(numbered(i, dropped))).isTrue();
        }
        assertThat(member.node.propose(numbered(INBOX, dropped))).isFalse();
        assertThat(member.node.readIndex(new byte[] {1})).isFalse();
        assertThat(member.node.proposeConfChange(ConfChange.of(ChangeType.ADD_NODE, 4), () -> {}))
                .isFalse();
        assertThat(member.node.receive(Message.builder()
                        .type(MessageType.HEARTBEAT)
                        .from(LEADER)
                        .to(1)
                        .term(2)
                        .build()))
                .isFalse();
        assertThat(member.node.pending()).isEqualTo(INBOX);
        CompletableFuture<Boolean> called = member.node.call(core -> true);
        assertThat(member.node.pending()).as("answers have room of their own").isEqualTo(INBOX + 1);
        member.settle();
        assertThat(called).isCompletedWithValue(true);
        assertThat(dropped).hasValue(0);
        assertThat(member.node.pending()).isZero();
    }

    @Test
    void proposeWhenManyWaitMakesOneMessage() {
        SteppedNode member = new SteppedNode(3).following(LEADER, 2);
        AtomicInteger dropped = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            member.node.propose(numbered(i, dropped));
        }
        member.settle();
        assertThat(member.sent(MessageType.PROP))
                .singleElement()
                .satisfies(message -> assertThat(message.entries()).hasSize(3));
        member.settle();
        assertThat(member.sent(MessageType.PROP)).as("and no more of them").hasSize(1);
    }

    @Test
    void proposeWhenNoLeaderIsKnownWaitsForOneAndDropsTheYoungestBeyondABound() {
        SteppedNode member = new SteppedNode(3).settle();
        AtomicInteger dropped = new AtomicInteger();
        for (int i = 0; i < INBOX; i++) {
            member.node.propose(numbered(i, dropped));
        }
        member.settle();
        assertThat(dropped).hasValue(0);
        for (int i = 0; i < 3; i++) {
            member.node.propose(numbered(INBOX + i, dropped));
        }
        member.settle();
        assertThat(dropped).hasValue(3);
        member.following(LEADER, 2);
        assertThat(member.sent(MessageType.PROP))
                .singleElement()
                .satisfies(message -> assertThat(message.entries()).hasSize(INBOX));
    }

    @Test
    void readIndexWhenItLeadsAnswersWithTheCommittedIndex() {
        SteppedNode member = alone();
        member.propose("a");
        assertThat(member.node.readIndex(new byte[] {7})).isTrue();
        member.settle();
        assertThat(member.reads)
                .singleElement()
                .extracting(ReadState::index)
                .isEqualTo(member.node.status().commit());
        assertThat(member.reads.getFirst().context()).containsExactly(7);
    }

    @Test
    void readIndexWhenAnotherLeadsAsksIt() {
        SteppedNode member = new SteppedNode(3).following(LEADER, 2);
        member.node.readIndex(new byte[] {7});
        member.settle();
        assertThat(member.sent(MessageType.READ_INDEX))
                .singleElement()
                .satisfies(message -> assertThat(message.to()).isEqualTo(LEADER));
    }

    @Test
    void proposeConfChangeWhenItLeadsTakesEffect() {
        SteppedNode member = alone();
        AtomicInteger dropped = new AtomicInteger();
        assertThat(member.node.proposeConfChange(
                        ConfChange.of(ChangeType.ADD_LEARNER_NODE, 4), dropped::incrementAndGet))
                .isTrue();
        member.settle();
        assertThat(member.node.status().confState().learners()).containsExactly(4L);
        assertThat(member.applied.getLast().type()).isNotEqualTo(EntryType.NORMAL);
        assertThat(dropped).hasValue(0);
    }

    @Test
    void proposeConfChangeWhenNoLeaderIsKnownIsDropped() {
        SteppedNode member = new SteppedNode(3).settle();
        AtomicInteger dropped = new AtomicInteger();
        member.node.proposeConfChange(ConfChange.of(ChangeType.ADD_NODE, 4), dropped::incrementAndGet);
        member.settle();
        assertThat(dropped).hasValue(1);
    }

    /** From then on each of them would count another quorum. */
    @Test
    void confChangeWhenCoreAndStateMachineDisagreeIsAFault() {
        SteppedNode member = alone();
        member.node.confChangeApplied(
                member.node.status().commit(),
                ConfChange.of(ChangeType.ADD_LEARNER_NODE, 4),
                ConfState.ofVoters(List.of(1L, 4L)));
        assertThatThrownBy(member::settle).isInstanceOf(Fault.class);
    }

    // ---- what is durable

    @Test
    void writeWhenItIsDurableJoinsTheLogInMemory() {
        SteppedNode member = new SteppedNode(3).elected();
        AtomicInteger dropped = new AtomicInteger();
        long last = member.storage().lastIndex();
        member.node.propose(numbered(1, dropped));
        member.stepNode();
        assertThat(member.storage().lastIndex()).as("before the fsync").isEqualTo(last);
        member.settle();
        assertThat(member.storage().lastIndex()).isEqualTo(last + 1);
        HardState stored = member.storage().initialState().hardState();
        assertThat(stored.term()).isEqualTo(member.node.status().term());
        assertThat(stored.vote()).isEqualTo(SteppedNode.ID);
    }

    @Test
    void snapshotWhenTheLeaderSendsItsStateReplacesTheLog() {
        SteppedNode member = new SteppedNode(3).following(LEADER, 2);
        Snapshot snapshot = new Snapshot(30, 2, ConfState.ofVoters(List.of(1L, 2L, 3L)), new byte[0]);
        member.node.receive(Message.builder()
                .type(MessageType.SNAP)
                .from(LEADER)
                .to(SteppedNode.ID)
                .term(2)
                .snapshot(snapshot)
                .build());
        member.settle();
        assertThat(member.firstIndex()).isEqualTo(31);
        assertThat(member.storage().snapshot()).isEqualTo(snapshot);
        assertThat(member.node.status().commit()).isEqualTo(30);
        assertThat(member.sent(MessageType.APP_RESP))
                .last()
                .extracting(Message::index)
                .isEqualTo(30L);
    }

    @Test
    void snapshotOnDiskIsNotedInTheLog() {
        SteppedNode member = alone();
        member.propose("a");
        long commit = member.node.status().commit();
        member.node.snapshotOnDisk(commit, 2, ConfState.ofVoters(List.of(1L)));
        member.settle();
        assertThat(member.recordedSnapshots()).last().satisfies(note -> {
            assertThat(note.index()).isEqualTo(commit);
            assertThat(note.term()).isEqualTo(2);
        });
    }

    @Test
    void snapshotInMemoryCutsTheLogAndIsWhatIsSent() {
        SteppedNode member = alone();
        for (int i = 0; i < 5; i++) {
            member.propose("p" + i);
        }
        long commit = member.node.status().commit();
        member.node.snapshotInMemory(commit, ConfState.ofVoters(List.of(1L)), 2);
        member.settle();
        assertThat(member.firstIndex()).isEqualTo(commit - 1);
        assertThat(member.storage().snapshot().index()).isEqualTo(commit);
    }

    // ---- a member that lags behind the log

    private static SteppedNode leaderOfALaggard() {
        SteppedNode leader = new SteppedNode(3).elected();
        leader.propose("a");
        leader.acknowledge(member -> member == LEADER);
        leader.node.snapshotInMemory(leader.node.status().commit(), ConfState.ofVoters(List.of(1L, 2L, 3L)), 0);
        leader.settle().sent.clear();
        return leader;
    }

    private static ProgressState laggard(SteppedNode leader) {
        CompletableFuture<ProgressState> state = leader.node.call(core -> RawNodeAccess.progress(core).stream()
                .filter(progress -> progress.id() == LAGGARD)
                .map(Progress::state)
                .findFirst()
                .orElseThrow());
        leader.settle();
        return state.join();
    }

    @Test
    void unreachableWhenThingsWereInFlightLooksWhatArrived() {
        SteppedNode leader = leaderOfALaggard();
        assertThat(laggard(leader)).isEqualTo(ProgressState.REPLICATE);
        leader.node.unreachable(LAGGARD);
        assertThat(laggard(leader)).isEqualTo(ProgressState.PROBE);
    }

    @Test
    void sendSnapshotWhenTheLogIsCutIsAskedForOnceAndItsEndIsKnown() {
        for (boolean ok : new boolean[] {true, false}) {
            SteppedNode leader = leaderOfALaggard();
            leader.node.unreachable(LAGGARD);
            leader.settle();
            leader.pass(TICK);
            leader.acknowledge();
            assertThat(leader.sent(MessageType.SNAP))
                    .singleElement()
                    .satisfies(message -> assertThat(message.to()).isEqualTo(LAGGARD));
            assertThat(laggard(leader)).isEqualTo(ProgressState.SNAPSHOT);
            leader.node.snapshotSent(LAGGARD, ok);
            assertThat(laggard(leader)).isEqualTo(ProgressState.PROBE);
        }
    }
}
