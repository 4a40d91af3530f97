package io.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.node.wal.MemoryDisk;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.confchange.ChangeType;
import io.quorate.raft.confchange.ConfChange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Writes that promise nothing new, and wait for another one or the clock. */
class KeptBackWriteTests {

    private static final long LEADER = 2;
    private static final long TERM = 5;

    private final MemoryDisk disk = new MemoryDisk();
    private final SteppedNode member = new SteppedNode(3, disk);

    private static Message append(long index, long logTerm, long commit, String... texts) {
        List<Entry> entries = new ArrayList<>();
        for (String text : texts) {
            entries.add(new Entry(
                    TERM, index + 1 + entries.size(), EntryType.NORMAL, text.getBytes(StandardCharsets.UTF_8)));
        }
        return Message.builder()
                .type(MessageType.APP)
                .from(LEADER)
                .to(SteppedNode.ID)
                .term(TERM)
                .index(index)
                .logTerm(logTerm)
                .commit(commit)
                .entries(entries)
                .build();
    }

    /** What is durable. */
    private long commitOnDisk() {
        return BootstrapTests.start(disk.copy()).hardState().commit();
    }

    /** Follows, and has acknowledged an entry that is not committed yet, behind those of the founders, which are. Returns its index. */
    private long acknowledged() {
        member.following(LEADER, TERM);
        long last = member.node.status().lastIndex();
        member.node.receive(append(last, member.lastTerm(), last));
        member.settle();
        member.sent.clear();
        member.node.receive(append(last, member.lastTerm(), last, "a"));
        member.settle();
        assertThat(member.sent(MessageType.APP_RESP)).hasSize(1);
        return last + 1;
    }

    @Test
    void commitWhenFollowingIsAppliedAtOnceAndNotedAtTheNextTick() {
        long index = acknowledged();
        long logged = member.commitLogged();
        member.node.receive(append(index, TERM, index));
        member.settle();
        assertThat(member.applied).last().extracting(Entry::index).isEqualTo(index);
        assertThat(member.sent(MessageType.APP_RESP)).as("the same again").hasSize(1);
        assertThat(member.commitLogged()).isEqualTo(logged);
        member.pass(SteppedNode.HEARTBEAT);
        assertThat(member.sent(MessageType.APP_RESP)).hasSize(2);
        assertThat(member.commitLogged()).isGreaterThan(logged);
    }

    @Test
    void commitsWhenSeveralAreAcknowledgedOnceWithTheNextEntry() {
        long index = acknowledged();
        member.node.receive(append(index, TERM, index - 1));
        member.node.receive(append(index, TERM, index));
        member.settle();
        member.node.receive(append(index, TERM, index, "b"));
        member.settle();
        assertThat(member.sent(MessageType.APP_RESP))
                .extracting(Message::index)
                .containsExactly(index, index, index + 1);
        assertThat(commitOnDisk()).isEqualTo(index);
    }

    @Test
    void refusalIsAnsweredAtOnce() {
        long index = acknowledged();
        member.node.receive(append(index + 7, TERM, index));
        member.settle();
        assertThat(member.sent(MessageType.APP_RESP))
                .last()
                .satisfies(answer -> assertThat(answer.reject()).isTrue());
    }

    @Test
    void appendOfAnotherLeaderThatBringsNothingIsAnsweredAtOnce() {
        long index = acknowledged();
        member.node.receive(
                append(index, TERM, index).toBuilder().from(3).term(TERM + 1).build());
        member.settle();
        assertThat(member.sent(MessageType.APP_RESP))
                .last()
                .satisfies(answer -> assertThat(answer.to()).isEqualTo(3));
    }

    @Test
    void commitWhenLeadingIsNotedAtTheNextTick() {
        member.elected();
        member.propose("a");
        long logged = member.commitLogged();
        long committed = member.node.status().commit();
        member.acknowledge();
        assertThat(member.node.status().commit()).isEqualTo(committed + 1);
        assertThat(member.commitLogged()).isEqualTo(logged);
        member.pass(SteppedNode.HEARTBEAT);
        assertThat(member.commitLogged()).isGreaterThan(logged);
    }

    @Test
    void commitWhenItIsThatOfAChangeOfMembersIsDurableAtOnce() {
        member.elected();
        boolean accepted = member.node.proposeConfChange(ConfChange.of(ChangeType.REMOVE_NODE, 3), () -> {});
        assertThat(accepted).isTrue();
        member.settle();
        member.acknowledge();
        assertThat(commitOnDisk()).isEqualTo(member.node.status().commit());
    }

    @Test
    void stopNotesWhatWasKeptBack() {
        long index = acknowledged();
        long logged = member.commitLogged();
        member.node.receive(append(index, TERM, index));
        member.settle();
        member.node.onStop();
        member.stepWriter();
        member.stepNode();
        assertThat(member.commitLogged()).isGreaterThan(logged);
    }

    @Test
    void mergeOfTwoKeepsTheNewestOfEach() {
        Message answer = Message.builder().type(MessageType.APP_RESP).index(4).build();
        Message state = Message.builder()
                .type(MessageType.STORAGE_APPEND)
                .term(5)
                .commit(4)
                .build();
        Message answered = Message.builder()
                .type(MessageType.STORAGE_APPEND)
                .responses(List.of(answer))
                .build();
        Message merged = WritePromises.merge(state, answered);
        assertThat(merged.commit()).isEqualTo(4);
        assertThat(merged.responses()).containsExactly(answer);
        assertThat(WritePromises.merge(answered, state)).isEqualTo(merged);
        Message twice = state.toBuilder().responses(List.of(answer, answer)).build();
        assertThat(WritePromises.merge(null, twice)).isEqualTo(merged);
    }
}
