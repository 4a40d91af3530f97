package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.node.SteppedNode;
import io.quorate.node.snapshot.SnapshotDirectories;
import io.quorate.raft.ConfState;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.RawNodeAccess;
import io.quorate.raft.Ready.SoftState;
import io.quorate.raft.Role;
import io.quorate.raft.Snapshot;
import io.quorate.raft.tracker.Progress;
import io.quorate.raft.tracker.ProgressState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leader of three whose log no longer reaches back to what member 3 needs. */
class SnapshotSenderTests {

    private static final long LAGGARD = 3;
    private static final long OTHER = 2;
    private static final Duration HOLD = Duration.ofSeconds(30);
    private static final ConfState CONF = ConfState.ofVoters(List.of(1L, 2L, 3L));

    @TempDir
    private Path directory;

    private final SteppedNode leader = new SteppedNode(3).elected();
    private final List<Runnable> maintenance = new ArrayList<>();
    private final List<Message> shipped = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private final ConsensusState consensus = new ConsensusState(0);
    private final ApplyProgress progress = new ApplyProgress(new Snapshot(20, 7, CONF, new byte[0]));
    private CompletableFuture<Void> arrival = new CompletableFuture<>();
    private boolean isDiskFull;
    private SnapshotSender sender;
    private SnapshotRequests requests;

    @BeforeEach
    void make() {
        sender = new SnapshotSender(
                this::copy,
                (announcement, folder) -> {
                    shipped.add(announcement);
                    files.add(folder);
                    return arrival;
                },
                new SnapshotDirectories(directory),
                leader.node,
                maintenance::add,
                leader.clock);
        requests = new SnapshotRequests(SteppedNode.ID, consensus, progress, sender);
    }

    private Snapshot copy(Path folder) {
        try {
            Files.createDirectory(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (isDiskFull) {
            files.add(folder);
            throw new UncheckedIOException(new IOException("No space left on device"));
        }
        return new Snapshot(20, 2, CONF, new byte[0]);
    }

    private void maintain() {
        List<Runnable> due = List.copyOf(maintenance);
        maintenance.clear();
        due.forEach(Runnable::run);
        leader.settle();
    }

    /** Lets the leader find out that it has to send its state. */
    private Message lagging() {
        leader.propose("a");
        leader.propose("b");
        leader.acknowledge(member -> member == OTHER);
        leader.node.unreachable(LAGGARD);
        long last = leader.node.status().commit();
        leader.node.snapshotInMemory(last, CONF, 0);
        leader.settle().sent.clear();
        leader.pass(SteppedNode.HEARTBEAT);
        leader.acknowledge();
        List<Message> asked = leader.sent(MessageType.SNAP);
        assertThat(asked).hasSize(1);
        return asked.getFirst();
    }

    private ProgressState laggard() {
        CompletableFuture<ProgressState> state = leader.node.call(core -> RawNodeAccess.progress(core).stream()
                .filter(progress -> progress.id() == LAGGARD)
                .map(Progress::state)
                .findFirst()
                .orElseThrow());
        leader.settle();
        return state.join();
    }

    @Test
    void sendWhenTheCoreAsksShipsACopyInTheBackground() {
        Message asked = lagging();
        sender.send(asked);
        assertThat(shipped).as("not on the thread of the node").isEmpty();
        maintain();
        assertThat(shipped).singleElement().satisfies(announcement -> {
            assertThat(announcement.to()).isEqualTo(LAGGARD);
            assertThat(announcement.term()).isEqualTo(asked.term());
            assertThat(announcement.snapshot())
                    .satisfies(snapshot -> assertThat(snapshot.index()).isEqualTo(20));
        });
        assertThat(files.getFirst()).as("until it arrived").exists();
        assertThat(laggard()).isEqualTo(ProgressState.SNAPSHOT);
    }

    @Test
    void sendWhenItArrivedTellsTheCoreAndDeletesTheCopy() {
        sender.send(lagging());
        maintain();
        arrival.complete(null);
        assertThat(laggard()).isEqualTo(ProgressState.PROBE);
        assertThat(files.getFirst()).doesNotExist();
    }

    @Test
    void sendWhenTheWayThereFailsTellsTheCoreAndDeletesTheCopy() {
        sender.send(lagging());
        maintain();
        arrival.completeExceptionally(new IOException("broken"));
        assertThat(laggard()).isEqualTo(ProgressState.PROBE);
        assertThat(files.getFirst()).doesNotExist();
        assertThat(sender.holdsLog()).isFalse();
    }

    @Test
    void sendWhenNoCopyCanBeTakenTellsTheCoreAndDeletesWhatIsThere() {
        isDiskFull = true;
        sender.send(lagging());
        maintain();
        assertThat(shipped).isEmpty();
        assertThat(laggard()).isEqualTo(ProgressState.PROBE);
        assertThat(files.getFirst()).doesNotExist();
        assertThat(sender.holdsLog()).isFalse();
    }

    /** The receiver comes back for the entries that follow. */
    @Test
    void holdsLogWhileOneIsOnItsWayAndForAWhileAfter() {
        assertThat(sender.holdsLog()).isFalse();
        sender.send(lagging());
        assertThat(sender.holdsLog()).isTrue();
        leader.clock.advance(HOLD.multipliedBy(2));
        assertThat(sender.holdsLog()).isTrue();
        maintain();
        arrival.complete(null);
        leader.clock.advance(HOLD.minusNanos(1));
        assertThat(sender.holdsLog()).isTrue();
        leader.clock.advance(Duration.ofNanos(1));
        assertThat(sender.holdsLog()).isFalse();
    }

    @Test
    void answerWhenItLeadsSendsTheStateOnce() {
        consensus.update(new SoftState(SteppedNode.ID, Role.LEADER));
        CompletionStage<byte[]> answer = requests.answer(LAGGARD);
        assertThat(answer.toCompletableFuture()).isCompletedWithValueMatching(bytes -> bytes.length == 0);
        requests.answer(LAGGARD);
        maintain();
        assertThat(shipped).singleElement().satisfies(announcement -> {
            assertThat(announcement.type()).isEqualTo(MessageType.SNAP);
            assertThat(announcement.from()).isEqualTo(SteppedNode.ID);
            assertThat(announcement.to()).isEqualTo(LAGGARD);
            assertThat(announcement.term()).isEqualTo(7);
        });
    }

    @Test
    void answerWhenTheFirstOneArrivedSendsAnother() {
        consensus.update(new SoftState(SteppedNode.ID, Role.LEADER));
        requests.answer(LAGGARD);
        maintain();
        arrival.complete(null);
        arrival = new CompletableFuture<>();
        requests.answer(LAGGARD);
        maintain();
        assertThat(shipped).hasSize(2);
    }

    @Test
    void answerWhenItDoesNotLeadRefuses() {
        CompletableFuture<byte[]> answer = requests.answer(LAGGARD).toCompletableFuture();
        assertThat(answer).isCompletedExceptionally();
        assertThat(answer.exceptionNow())
                .isInstanceOfSatisfying(
                        RequestException.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(RequestError.NOT_LEADER));
        assertThat(maintenance).isEmpty();
    }
}
