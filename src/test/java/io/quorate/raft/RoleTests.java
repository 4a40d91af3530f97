package io.quorate.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.raft.RaftException.ProposalDroppedException;
import io.quorate.raft.tracker.ProgressState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a follower takes from its leader and gives to it, and what a leader makes of reports about its peers. */
class RoleTests {

    private static final ConfState THREE = ConfState.ofVoters(List.of(1L, 2L, 3L));

    private static TestMember member() {
        MemoryLogStorage storage = new MemoryLogStorage();
        storage.setConfState(THREE);
        storage.append(List.of(entry(1), entry(2)));
        storage.setHardState(new HardState(1, 0, 0));
        return new TestMember(TestMember.plainConfig(1).build(), storage);
    }

    private static Entry entry(long index) {
        return new Entry(1, index, EntryType.NORMAL, new byte[] {(byte) index});
    }

    private static Message.MessageBuilder from2(MessageType type) {
        return Message.builder().type(type).from(2).to(1).term(1);
    }

    private static void step(TestMember member, Message.MessageBuilder message) {
        member.node.step(message.build());
        member.settle();
    }

    private static TestMember follower() {
        TestMember member = member();
        step(member, from2(MessageType.HEARTBEAT));
        member.outgoing.clear();
        return member;
    }

    // ---- a follower

    @Test
    void heartbeatMovesTheCommitOfAFollowerAndIsAnswered() {
        TestMember member = member();
        step(member, from2(MessageType.HEARTBEAT).commit(2).context(new byte[] {7}));
        assertThat(member.node.status().commit()).isEqualTo(2);
        assertThat(member.node.status().leader()).isEqualTo(2);
        assertThat(member.applied).hasSize(2);
        assertThat(member.outgoing).singleElement().satisfies(answer -> {
            assertThat(answer.type()).isEqualTo(MessageType.HEARTBEAT_RESP);
            assertThat(answer.context()).containsExactly(7);
        });
    }

    @Test
    void proposalAtAFollowerGoesToItsLeader() {
        TestMember member = follower();
        member.propose("entry");
        member.settle();
        assertThat(member.outgoing).singleElement().satisfies(message -> {
            assertThat(message.type()).isEqualTo(MessageType.PROP);
            assertThat(message.to()).isEqualTo(2);
            assertThat(message.term()).isZero();
            assertThat(message.entries()).hasSize(1);
        });
    }

    @Test
    void proposalAtAFollowerWithoutLeaderIsDropped() {
        TestMember member = member();
        assertThatThrownBy(() -> member.propose("entry")).isInstanceOf(ProposalDroppedException.class);
    }

    @Test
    void lateAppendIsAnsweredWithWhatIsCommitted() {
        TestMember member = member();
        step(member, from2(MessageType.HEARTBEAT).commit(2));
        member.outgoing.clear();
        step(member, from2(MessageType.APP).index(0).entries(List.of(entry(1))));
        assertThat(member.outgoing).singleElement().satisfies(answer -> {
            assertThat(answer.reject()).isFalse();
            assertThat(answer.index()).isEqualTo(2);
        });
        assertThat(member.node.status().lastIndex()).isEqualTo(2);
    }

    // ---- a leader

    /** Its log begins behind what member 2 has. */
    private static TestMember leaderSendingASnapshot() {
        MemoryLogStorage storage = new MemoryLogStorage();
        storage.install(new Snapshot(10, 1, THREE, new byte[0]));
        storage.setHardState(new HardState(1, 0, 10));
        TestMember member = new TestMember(TestMember.plainConfig(1).build(), storage);
        member.node.campaign();
        member.settle();
        step(member, from2(MessageType.VOTE_RESP).term(2));
        step(member, from2(MessageType.APP_RESP).term(2).index(10).reject(true).rejectHint(3));
        assertThat(peer(member).state()).isEqualTo(ProgressState.SNAPSHOT);
        assertThat(peer(member).pendingSnapshot()).isEqualTo(10);
        return member;
    }

    private static PeerStatus peer(TestMember member) {
        return member.node.status().progress().stream()
                .filter(peer -> peer.id() == 2)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void reportOfASnapshotThatArrivedGoesOnBehindIt() {
        TestMember leader = leaderSendingASnapshot();
        leader.node.reportSnapshot(2, true);
        assertThat(peer(leader).state()).isEqualTo(ProgressState.PROBE);
        assertThat(peer(leader).next()).isEqualTo(11);
        assertThat(peer(leader).paused()).isTrue();
    }

    @Test
    void reportOfASnapshotThatFailedBeginsAnew() {
        TestMember leader = leaderSendingASnapshot();
        leader.node.reportSnapshot(2, false);
        assertThat(peer(leader).state()).isEqualTo(ProgressState.PROBE);
        assertThat(peer(leader).next()).isEqualTo(1);
        assertThat(peer(leader).pendingSnapshot()).isZero();
        assertThat(peer(leader).paused()).isTrue();
    }

    @Test
    void acknowledgementOfASnapshotMakesAPeerReplicateAgain() {
        TestMember leader = leaderSendingASnapshot();
        step(leader, from2(MessageType.APP_RESP).term(2).index(10));
        assertThat(peer(leader).state()).isEqualTo(ProgressState.REPLICATE);
        assertThat(peer(leader).match()).isEqualTo(10);
    }

    // ---- settings

    @Test
    void settingsWhenSenselessAreRefused() {
        List<RaftConfig.RaftConfigBuilder> senseless = List.of(
                TestMember.config(0),
                TestMember.config(Message.APPLY_THREAD),
                TestMember.config(1).heartbeatTicks(0),
                TestMember.config(1).heartbeatTicks(10).electionTicks(10),
                TestMember.config(1).maxSizePerMsg(-1),
                TestMember.config(1).maxUncommittedSize(-1),
                TestMember.config(1).maxInflightMsgs(0),
                TestMember.config(1).maxInflightBytes(-1),
                TestMember.config(1).maxPendingReads(0));
        assertThat(senseless)
                .allSatisfy(
                        settings -> assertThatThrownBy(settings::build).isInstanceOf(IllegalArgumentException.class));
        assertThat(TestMember.config(1)
                        .heartbeatTicks(9)
                        .electionTicks(10)
                        .maxSizePerMsg(0)
                        .maxUncommittedSize(0)
                        .maxInflightBytes(0)
                        .build()
                        .maxSizePerMsg())
                .isZero();
    }
}
