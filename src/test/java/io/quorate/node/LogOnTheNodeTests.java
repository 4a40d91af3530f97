package io.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** When a node writes its log itself, and when it leaves that to the thread of the log. */
class LogOnTheNodeTests {

    private static final long LEADER = 2;

    /** An append of the leader behind the entries that are there. It commits nothing, so that nothing is applied meanwhile. */
    private static Message append(SteppedNode member, String text) {
        long last = member.node.status().lastIndex();
        long term = member.node.status().term();
        return Message.builder()
                .type(MessageType.APP)
                .from(LEADER)
                .to(SteppedNode.ID)
                .term(term)
                .index(last)
                .logTerm(member.lastTerm())
                .entries(List.of(new Entry(term, last + 1, EntryType.NORMAL, text.getBytes(StandardCharsets.UTF_8))))
                .build();
    }

    private static void stepNodeTwice(SteppedNode member) {
        member.stepNode(); // takes and writes
        member.stepNode(); // hears that it is durable
    }

    @Test
    void appendWhenFollowingIsWrittenAndAcknowledgedByTheNode() {
        SteppedNode member = SteppedNode.writingItself(3, message -> {}).following(LEADER, 5);
        member.sent.clear();
        member.node.receive(append(member, "a"));
        stepNodeTwice(member);
        assertThat(member.sent(MessageType.APP_RESP)).hasSize(1);
        assertThat(member.storage().lastIndex()).isEqualTo(member.node.status().lastIndex());
    }

    @Test
    void appendWhenSomethingElseWaitsIsLeftToTheLog() {
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        SteppedNode member =
                SteppedNode.writingItself(3, message -> meanwhile.get().run()).following(LEADER, 5);
        member.sent.clear();
        meanwhile.set(() -> member.node.unreachable(3)); // comes while the answer to the heartbeat is sent
        member.node.receive(Message.builder()
                .type(MessageType.HEARTBEAT)
                .from(LEADER)
                .to(SteppedNode.ID)
                .term(5)
                .build());
        member.node.receive(append(member, "a"));
        stepNodeTwice(member);
        assertThat(member.sent(MessageType.HEARTBEAT_RESP)).hasSize(1);
        assertThat(member.sent(MessageType.APP_RESP)).isEmpty();
        member.settle();
        assertThat(member.sent(MessageType.APP_RESP)).hasSize(1);
    }

    @Test
    void appendWhenTheDiskWasSlowIsLeftToTheLog() {
        SteppedNode member = SteppedNode.writingItself(3, message -> {}).following(LEADER, 5);
        member.syncTime = Duration.ofMillis(3);
        member.node.receive(append(member, "a"));
        stepNodeTwice(member);
        assertThat(member.sent(MessageType.APP_RESP)).hasSize(1);
        member.node.receive(append(member, "b"));
        stepNodeTwice(member);
        assertThat(member.sent(MessageType.APP_RESP)).hasSize(1);
        member.syncTime = Duration.ZERO;
        member.settle();
        member.node.receive(append(member, "c"));
        stepNodeTwice(member);
        assertThat(member.sent(MessageType.APP_RESP)).hasSize(3);
    }

    @Test
    void appendWhenTheSettingIsOffIsLeftToTheLog() {
        SteppedNode member = new SteppedNode(3).following(LEADER, 5);
        member.sent.clear();
        member.node.receive(append(member, "a"));
        stepNodeTwice(member);
        assertThat(member.sent(MessageType.APP_RESP)).isEmpty();
        member.settle();
        assertThat(member.sent(MessageType.APP_RESP)).hasSize(1);
    }

    @Test
    void proposalWhenLeadingOthersIsLeftToTheLog() {
        SteppedNode member = SteppedNode.writingItself(3, message -> {}).elected();
        member.sent.clear();
        long last = member.storage().lastIndex();
        member.submit("a");
        stepNodeTwice(member);
        assertThat(member.sent(MessageType.APP)).hasSize(2);
        assertThat(member.storage().lastIndex()).isEqualTo(last);
        member.stepWriter();
        member.stepNode();
        assertThat(member.storage().lastIndex()).isEqualTo(last + 1);
    }

    @Test
    void proposalWhenAloneIsWrittenAndAppliedByTheNode() {
        SteppedNode member =
                SteppedNode.writingItself(1, message -> {}).settle().settle();
        int before = member.applied.size();
        member.submit("a");
        stepNodeTwice(member);
        assertThat(member.applied).hasSize(before + 1);
    }
}
