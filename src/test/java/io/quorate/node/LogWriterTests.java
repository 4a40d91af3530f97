package io.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Fault;
import io.quorate.fixture.ManualClock;
import io.quorate.fixture.MeterReader;
import io.quorate.fixture.NoDurations;
import io.quorate.node.wal.MemoryDisk;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is on the disk when the log writer reports a write: looked at on a copy of what a loss of power leaves. */
class LogWriterTests {

    private final MemoryDisk disk = new MemoryDisk();
    private final List<HardState> durable = new ArrayList<>();
    private final List<Message> reported = new ArrayList<>();
    private LogWriter writer;

    @BeforeEach
    void open() {
        Bootstrap.Start start = BootstrapTests.start(disk);
        writer = new LogWriter(start.wal(), start.snapshots(), start.hardState(), new NoDurations(), new ManualClock());
        writer.connect(messages -> {
            reported.addAll(messages);
            durable.add(durableState());
        });
    }

    private HardState durableState() {
        return BootstrapTests.start(disk.copy()).hardState();
    }

    private static Message write(HardState state, Entry... entries) {
        return Message.builder()
                .type(MessageType.STORAGE_APPEND)
                .term(state.term())
                .vote(state.vote())
                .commit(state.commit())
                .entries(Arrays.asList(entries))
                .build();
    }

    private void submit(Message message) {
        writer.submit(message, new CompletableFuture<>());
    }

    /** Submits, and tells when it is durable. */
    private CompletableFuture<Void> persisted(Message message) {
        CompletableFuture<Void> persisted = new CompletableFuture<>();
        writer.submit(message, persisted);
        return persisted;
    }

    private static Entry entry(long index, EntryType type) {
        return new Entry(2, index, type, new byte[] {1});
    }

    @Test
    void writeWhenOnlyTheVoteChangedIsDurableBeforeItIsReported() {
        submit(write(new HardState(2, 0, 0)));
        writer.doWork();
        submit(write(new HardState(2, 3, 0)));
        writer.doWork();
        assertThat(durable).extracting(HardState::vote).containsExactly(0L, 3L);
    }

    @Test
    void writeWhenOnlyTheTermChangedIsDurableBeforeItIsReported() {
        submit(write(new HardState(9, 0, 0)));
        writer.doWork();
        assertThat(durable).extracting(HardState::term).containsExactly(9L);
    }

    @Test
    void writeWhenEntriesComeIsDurableBeforeItIsReported() {
        CompletableFuture<Void> persisted = persisted(write(new HardState(2, 3, 0), entry(1, EntryType.NORMAL)));
        assertThat(persisted).isNotDone();
        writer.doWork();
        assertThat(persisted).isDone();
        assertThat(BootstrapTests.start(disk.copy()).core().status().lastIndex())
                .isEqualTo(1);
    }

    /** Others know it too, and an fsync for each commit would double their number. */
    @Test
    void writeWhenOnlyTheCommitOfOrdinaryEntriesMovesNeedsNoSync() {
        submit(write(new HardState(2, 3, 0), entry(1, EntryType.NORMAL)));
        writer.doWork();
        durable.clear();
        submit(write(new HardState(2, 3, 1)));
        writer.doWork();
        assertThat(durable).extracting(HardState::commit).containsExactly(0L);
    }

    @Test
    void writeWhenTheCommitReachesAChangeOfMembersIsDurable() {
        submit(write(new HardState(2, 3, 0), entry(1, EntryType.CONF_CHANGE)));
        writer.doWork();
        durable.clear();
        submit(write(new HardState(2, 3, 1)));
        writer.doWork();
        assertThat(durable).extracting(HardState::commit).containsExactly(1L);
    }

    /** What an earlier process wrote is not looked through: any of it may be a change of the members. */
    @Test
    void writeWhenTheCommitReachesWhatAnEarlierProcessWroteIsDurable() {
        submit(write(new HardState(2, 3, 0), entry(1, EntryType.CONF_CHANGE), entry(2, EntryType.NORMAL)));
        writer.doWork();
        writer.onStop();
        open();
        durable.clear();
        submit(write(new HardState(2, 3, 1)));
        writer.doWork();
        assertThat(durable).extracting(HardState::commit).containsExactly(1L);
    }

    @Test
    void writesWhenTheyWaitTogetherAreReportedTogetherAndInOrder() {
        submit(write(new HardState(2, 0, 0)));
        submit(write(new HardState(3, 0, 0)));
        assertThat(writer.doWork()).isZero();
        assertThat(reported).extracting(Message::term).containsExactly(2L, 3L);
        assertThat(durable).singleElement().extracting(HardState::term).isEqualTo(3L);
        assertThat(writer.doWork()).isNotZero();
    }

    @Test
    void writeWhenItBringsASnapshotIsFoundAfterALossOfPower() {
        Snapshot snapshot = new Snapshot(30, 2, ConfState.ofVoters(List.of(1L, 2L, 3L)), new byte[0]);
        submit(write(new HardState(2, 0, 30)).toBuilder().snapshot(snapshot).build());
        writer.doWork();
        assertThat(BootstrapTests.start(disk.copy()).snapshot().index()).isEqualTo(30);
    }

    private final List<String> observed = new ArrayList<>();

    private final class Observing implements LogWriter.Observer {

        @Override
        public void synced(long writeNanos, long fsyncNanos) {
            observed.add("synced");
        }

        @Override
        public void snapshotSaved(long nanos) {
            observed.add("saved after " + nanos);
        }
    }

    private LogWriter observed() {
        Bootstrap.Start start = BootstrapTests.start(disk);
        LogWriter own =
                new LogWriter(start.wal(), start.snapshots(), start.hardState(), new Observing(), new ManualClock());
        own.connect(reported::addAll);
        return own;
    }

    @Test
    void writeWhenItWasSyncedIsObservedAndCounted() {
        LogWriter own = observed();
        MeterReader meters = new MeterReader(own::register);
        long before = meters.value("etcd_disk_wal_write_bytes_total");
        own.submit(write(new HardState(2, 3, 0), entry(1, EntryType.NORMAL)), new CompletableFuture<>());
        own.doWork();
        assertThat(observed).containsExactly("synced");
        assertThat(meters.value("etcd_disk_wal_write_bytes_total")).isGreaterThan(before);
        assertThat(own.bytesWritten()).isEqualTo(meters.value("etcd_disk_wal_write_bytes_total"));
        own.submit(write(new HardState(2, 3, 1)), new CompletableFuture<>());
        own.doWork();
        assertThat(observed).as("nothing to sync").hasSize(1);
    }

    @Test
    void snapshotTakenIsNotedAfterItsFileAndReportsNothingToTheCore() {
        LogWriter own = observed();
        own.submit(write(new HardState(2, 3, 1), entry(1, EntryType.NORMAL)), new CompletableFuture<>());
        own.doWork();
        reported.clear();
        observed.clear();
        own.snapshotTaken(new Snapshot(1, 2, ConfState.ofVoters(List.of(1L, 2L, 3L)), new byte[0]), 2);
        assertThat(own.doWork()).isZero();
        assertThat(observed).containsExactly("saved after 0");
        assertThat(reported).isEmpty();
        Bootstrap.Start again = BootstrapTests.start(disk.copy());
        assertThat(again.snapshot().index()).isEqualTo(1);
        assertThat(again.storage().lastIndex()).isEqualTo(1);
    }

    @Test
    void stopWhenWritesWaitMakesThemDurableAndClosesTheLog() {
        CompletableFuture<Void> persisted = persisted(write(new HardState(2, 3, 0), entry(1, EntryType.NORMAL)));
        writer.onStop();
        assertThat(persisted).isDone();
        submit(write(new HardState(2, 3, 0), entry(2, EntryType.NORMAL)));
        assertThatThrownBy(writer::doWork).hasMessageContaining("closed");
    }

    @Test
    void connectWhenItIsConnectedIsAFault() {
        assertThatThrownBy(() -> writer.connect(messages -> {})).isInstanceOf(Fault.class);
    }
}
