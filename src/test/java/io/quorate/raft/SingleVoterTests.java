package io.quorate.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.raft.RaftException.ProposalDroppedException;
import io.quorate.raft.Ready.ReadState;
import io.quorate.raft.confchange.ChangeType;
import io.quorate.raft.confchange.ConfChange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cluster of one, with both ways of writing. */
class SingleVoterTests {

    private static RaftConfig config(boolean async) {
        return TestMember.config(1).asyncStorageWrites(async).build();
    }

    private static TestMember founded(boolean async) {
        TestMember member = new TestMember(config(async));
        member.node.bootstrap(List.of(new Peer(1, TestMember.bytes("me"))));
        member.settle();
        return member;
    }

    private static TestMember leading(boolean async) {
        TestMember member = founded(async);
        member.node.campaign();
        member.settle();
        return member;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bootstrapHandsOutTheFoundingEntries(boolean async) {
        TestMember member = founded(async);
        assertThat(member.applied).extracting(Entry::type).containsExactly(EntryType.CONF_CHANGE);
        assertThat(member.storage.lastIndex()).isEqualTo(1);
        assertThat(member.storage.initialState().hardState()).isEqualTo(new HardState(1, 0, 1));
        assertThat(member.node.status().confState()).isEqualTo(ConfState.ofVoters(List.of(1L)));
        assertThatThrownBy(() -> member.node.bootstrap(List.of(new Peer(1, new byte[0]))))
                .isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void campaignBeforeTheFoundingEntriesAreAppliedIsRefused(boolean async) {
        TestMember member = new TestMember(config(async));
        member.node.bootstrap(List.of(new Peer(1, new byte[0])));
        member.node.campaign();
        assertThat(member.node.status().role()).isEqualTo(Role.FOLLOWER);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ticksAloneMakeItLead(boolean async) {
        TestMember member = founded(async);
        for (int i = 0; i < 10; i++) {
            member.node.tick();
        }
        member.settle();
        Status status = member.node.status();
        assertThat(status.role()).isEqualTo(Role.LEADER);
        assertThat(status.leader()).isEqualTo(1);
        assertThat(status.term()).isEqualTo(2);
        assertThat(status.applied()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void proposalsAreAppliedInOrder(boolean async) {
        TestMember member = leading(async);
        List<byte[]> batch = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            expected.add("p" + i);
            batch.add(TestMember.bytes("p" + i));
        }
        member.node.propose(batch);
        member.settle();
        member.propose("last");
        member.settle();
        expected.add("last");
        assertThat(member.appliedTexts()).isEqualTo(expected);
        assertThat(member.storage.lastIndex()).isEqualTo(259);
        assertThat(member.node.hasReady()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void proposalWithoutLeaderIsDropped(boolean async) {
        TestMember member = founded(async);
        assertThatThrownBy(() -> member.propose("x"))
                .isInstanceOf(ProposalDroppedException.class)
                .hasMessage("raft proposal dropped");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readIndexIsAnsweredAtOnceAfterTheFirstCommit(boolean async) {
        TestMember member = founded(async);
        member.node.campaign();
        while (member.node.status().role() != Role.LEADER) {
            member.handle(member.node.ready());
        }
        member.node.readIndex(TestMember.bytes("early"));
        assertThat(member.reads).isEmpty();
        member.settle();
        member.node.readIndex(TestMember.bytes("late"));
        member.settle();
        assertThat(member.reads).extracting(ReadState::index).containsExactly(2L, 2L);
        assertThat(member.reads)
                .extracting(read -> new String(read.context(), StandardCharsets.UTF_8))
                .containsExactly("early", "late");
        assertThat(member.outgoing).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void confChangeIsAppliedAndStored(boolean async) {
        TestMember member = leading(async);
        member.node.proposeConfChange(ConfChange.of(ChangeType.ADD_LEARNER_NODE, 2));
        member.settle();
        ConfState expected = new ConfState(List.of(1L), List.of(), List.of(2L), List.of(), false);
        assertThat(member.node.status().confState()).isEqualTo(expected);
        assertThat(member.storage.initialState().confState()).isEqualTo(expected);
        member.propose("still commits");
        member.settle();
        assertThat(member.appliedTexts()).containsExactly("still commits");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void restartAppliesFromTheGivenIndexOn(boolean async) {
        TestMember member = leading(async);
        member.propose("a");
        member.propose("b");
        member.settle();
        RaftConfig config = config(async).toBuilder().applied(3).build();
        TestMember again = new TestMember(config, member.storage);
        assertThat(again.node.status().confState()).isEqualTo(ConfState.ofVoters(List.of(1L)));
        again.settle();
        assertThat(again.appliedTexts()).containsExactly("b");
        again.node.campaign();
        again.settle();
        again.propose("c");
        again.settle();
        assertThat(again.appliedTexts()).containsExactly("b", "c");
        assertThat(again.node.status().term()).isEqualTo(3);
    }
}
