package io.quorate.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.raft.RaftException.ProposalDroppedException;
import io.quorate.raft.RaftException.StepLocalMessageException;
import io.quorate.raft.RaftException.StepPeerNotFoundException;
import io.quorate.raft.confchange.ChangeType;
import io.quorate.raft.confchange.ConfChange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Limits that the recorded transcripts leave open, on a leader with a peer that a test plays. */
class FlowControlTests {

    private static TestMember leader(UnaryOperator<RaftConfig.RaftConfigBuilder> settings) {
        MemoryLogStorage storage = new MemoryLogStorage();
        storage.setConfState(ConfState.ofVoters(List.of(1L, 2L)));
        TestMember member =
                new TestMember(settings.apply(TestMember.plainConfig(1)).build(), storage);
        member.node.campaign();
        member.settle();
        member.node.step(from2(MessageType.VOTE_RESP).build());
        member.settle();
        acknowledge(member, 1);
        member.outgoing.clear();
        return member;
    }

    private static Message.MessageBuilder from2(MessageType type) {
        return Message.builder().type(type).from(2).to(1).term(1);
    }

    private static void acknowledge(TestMember member, long index) {
        member.node.step(from2(MessageType.APP_RESP).index(index).build());
        member.settle();
    }

    private static List<Message> appends(TestMember member) {
        List<Message> appends = new ArrayList<>();
        for (Message message : member.outgoing) {
            if (message.type() == MessageType.APP && !message.entries().isEmpty()) {
                appends.add(message);
            }
        }
        member.outgoing.clear();
        return appends;
    }

    @Test
    void proposalBeyondTheUncommittedSizeIsDropped() {
        TestMember member = leader(config -> config.maxUncommittedSize(100));
        member.node.propose(new byte[150]);
        member.settle();
        assertThatThrownBy(() -> member.node.propose(new byte[1])).isInstanceOf(ProposalDroppedException.class);
        member.node.propose(new byte[0]);
        member.settle();
        acknowledge(member, 3);
        member.node.propose(new byte[99]);
        member.settle();
        assertThat(member.node.status().lastIndex()).isEqualTo(4);
    }

    @Test
    void droppedProposalLeavesNoTrace() {
        TestMember member = leader(config -> config.maxUncommittedSize(10));
        member.node.propose(new byte[10]);
        assertThatThrownBy(() -> member.node.proposeConfChange(ConfChange.of(ChangeType.ADD_NODE, 3)))
                .isInstanceOf(ProposalDroppedException.class);
        member.settle();
        acknowledge(member, 2);
        member.node.proposeConfChange(ConfChange.of(ChangeType.ADD_NODE, 3));
        member.settle();
        acknowledge(member, 3);
        assertThat(member.node.status().confState().voters()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void bytesInFlightAreBounded() {
        TestMember member = leader(config -> config.maxInflightBytes(100));
        for (int i = 0; i < 5; i++) {
            member.node.propose(new byte[40]);
        }
        member.settle();
        assertThat(appends(member)).extracting(Message::index).containsExactly(1L, 2L, 3L);
        acknowledge(member, 2);
        assertThat(appends(member)).hasSize(1);
    }

    @Test
    void appendIsCutAtTheMessageSize() {
        TestMember member = leader(config -> config.maxSizePerMsg(120).maxInflightMsgs(1));
        for (int i = 0; i < 5; i++) {
            member.node.propose(new byte[40]);
        }
        member.settle();
        assertThat(appends(member)).hasSize(1);
        acknowledge(member, 2);
        assertThat(appends(member).getFirst().entries()).hasSize(2);
    }

    @Test
    void snapshotStatusEndsTheWait() {
        TestMember member = leader(config -> config);
        member.node.propose(new byte[1]);
        member.settle();
        member.node.reportUnreachable(2);
        member.storage.compact(2);
        member.node.step(from2(MessageType.HEARTBEAT_RESP).build());
        member.settle();
        // Storage offers none yet.
        assertThat(member.node.status().progress().get(1).state()).hasToString("PROBE");
        member.node.reportSnapshot(2, true);
        assertThat(member.node.status().progress().get(1).state()).hasToString("PROBE");
    }

    @Test
    void handedOutListsDoNotChange() {
        TestMember member = leader(config -> config);
        member.node.propose(TestMember.bytes("a"));
        Ready ready = member.node.ready();
        List<Entry> entries = List.copyOf(ready.entries());
        List<Message> messages = List.copyOf(ready.messages());
        member.node.propose(TestMember.bytes("b"));
        member.node.step(Message.builder()
                .type(MessageType.APP)
                .from(2)
                .to(1)
                .term(9)
                .index(1)
                .logTerm(1)
                .entries(List.of(Entry.empty(9, 2)))
                .build());
        assertThat(ready.entries()).isEqualTo(entries);
        assertThat(ready.messages()).isEqualTo(messages);
        assertThatThrownBy(() -> ready.messages().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void readIsAnsweredWhenTheOtherVoterLeaves() {
        TestMember member = leader(config -> config);
        member.node.proposeConfChange(ConfChange.of(ChangeType.REMOVE_NODE, 2));
        member.settle();
        member.node.readIndex(TestMember.bytes("r"));
        member.settle();
        assertThat(member.reads).isEmpty();
        acknowledge(member, 2);
        assertThat(member.reads).hasSize(1);
        assertThat(member.node.status().confState().voters()).containsExactly(1L);
    }

    @Test
    void messagesFromStrangersAndToOneselfAreRefused() {
        TestMember member = leader(config -> config);
        assertThatThrownBy(() -> member.node.step(from2(MessageType.HUP).build()))
                .isInstanceOf(StepLocalMessageException.class)
                .hasMessage("raft: cannot step raft local message");
        assertThatThrownBy(() ->
                        member.node.step(from2(MessageType.APP_RESP).from(7).build()))
                .isInstanceOf(StepPeerNotFoundException.class)
                .hasMessage("raft: cannot step as peer not found");
    }
}
