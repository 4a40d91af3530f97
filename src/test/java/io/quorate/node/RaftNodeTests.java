package io.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.ManualClock;
import io.quorate.fixture.NoDurations;
import io.quorate.node.transport.Transport;
import io.quorate.node.wal.MemoryDisk;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A member of three that another one leads. */
class RaftNodeTests {

    private static final long LEADER = 2;
    private static final long ID = 1;

    private final Wires wires = new Wires();
    private final RaftNode node = node();

    /** What was sent, and whether there is a connection. */
    private static final class Wires implements Transport {

        private final List<Message> sent = new ArrayList<>();
        private boolean connected;

        @Override
        public void send(List<Message> messages) {
            sent.addAll(messages);
        }

        @Override
        public boolean reaches(long member) {
            return connected;
        }
    }

    private record Payload(byte[] data) implements Proposal {

        @Override
        public void dropped() {
            throw new AssertionError("nothing is dropped here");
        }
    }

    private record Decision(byte[] data, long leaderTerm, AtomicBoolean refused) implements Proposal {

        @Override
        public void dropped() {
            refused.set(true);
        }

        boolean wasDropped() {
            return refused.get();
        }
    }

    private RaftNode node() {
        Bootstrap.Start start = BootstrapTests.start(new MemoryDisk());
        LogWriter writer =
                new LogWriter(start.wal(), start.snapshots(), start.hardState(), new NoDurations(), new ManualClock());
        RaftNode node = new RaftNode(
                start.core(),
                start.storage(),
                writer,
                wires,
                new ManualClock(),
                new NodeSettings(ID, 100, 64, 2, Long.MAX_VALUE));
        node.connect(new NoEvents());
        return node;
    }

    private void hearTheLeader() {
        node.receive(Message.builder()
                .type(MessageType.HEARTBEAT)
                .from(LEADER)
                .to(ID)
                .term(2)
                .build());
        node.doWork();
    }

    private List<Message> forwarded() {
        return wires.sent.stream()
                .filter(message -> message.type() == MessageType.PROP)
                .toList();
    }

    @Test
    void proposeWhenTheLeaderCannotBeReachedYetWaits() {
        hearTheLeader();
        assertThat(node.propose(new Payload(new byte[] {1}))).isTrue();
        node.doWork();
        assertThat(forwarded()).as("there is no connection").isEmpty();

        wires.connected = true;
        node.doWork();

        assertThat(forwarded()).singleElement().satisfies(message -> {
            assertThat(message.to()).isEqualTo(LEADER);
            assertThat(message.entries()).hasSize(1);
        });
    }

    @Test
    void proposeWhenTheLeaderIsReachedGoesThereAtOnce() {
        wires.connected = true;
        hearTheLeader();
        node.propose(new Payload(new byte[] {1}));
        node.doWork();

        assertThat(forwarded()).hasSize(1);
    }

    /** What a leader decided that was paused and woke up deposed: its successor must not get it. */
    @Test
    void proposeWhenOnlyTheLeaderOfATermMayAndItNoLongerLeadsIsDropped() {
        wires.connected = true;
        hearTheLeader();
        Decision decision = new Decision(new byte[] {1}, 1, new AtomicBoolean());
        node.propose(decision);
        node.propose(new Payload(new byte[] {2}));
        node.doWork();

        assertThat(decision.wasDropped()).isTrue();
        assertThat(forwarded())
                .singleElement()
                .satisfies(message -> assertThat(message.entries())
                        .singleElement()
                        .satisfies(entry -> assertThat(entry.data()).containsExactly(2)));
    }
}
