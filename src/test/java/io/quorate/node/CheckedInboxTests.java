package io.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.node.transport.PeerInbox;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckedInboxTests {

    private final List<Message> received = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final CheckedInbox inbox =
            new CheckedInbox(new Node(), entry -> entry.data().length == 3 ? "three bytes" : null);

    @Test
    void receiveWhenAProposalHasABadEntryLosesAllOfIt() {
        assertThat(inbox.receive(message(MessageType.PROP, 2, 3))).isFalse();
        assertThat(received).isEmpty();
    }

    @Test
    void receiveWhenAProposalIsGoodPassesItOn() {
        assertThat(inbox.receive(message(MessageType.PROP, 2, 4))).isTrue();
        assertThat(received).hasSize(1);
    }

    @Test
    void receiveWhenALeaderAppendsPassesItOnAsItIs() {
        assertThat(inbox.receive(message(MessageType.APP, 3))).isTrue();
        assertThat(received).hasSize(1);
    }

    @Test
    void reportsOfTheTransportPassAsTheyAre() {
        inbox.unreachable(4);
        inbox.snapshotSent(5, true);
        inbox.snapshotSent(6, false);
        assertThat(told).containsExactly("unreachable 4", "snapshot 5 true", "snapshot 6 false");
    }

    private static Message message(MessageType type, int... sizes) {
        List<Entry> entries = new ArrayList<>();
        for (int size : sizes) {
            entries.add(new Entry(0, 0, EntryType.NORMAL, new byte[size]));
        }
        return Message.builder().type(type).from(2).to(1).entries(entries).build();
    }

    private final class Node implements PeerInbox {

        @Override
        public boolean receive(Message message) {
            return received.add(message);
        }

        @Override
        public void unreachable(long id) {
            told.add("unreachable " + id);
        }

        @Override
        public void snapshotSent(long id, boolean ok) {
            told.add("snapshot " + id + " " + ok);
        }
    }
}
