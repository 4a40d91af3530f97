package io.quorate.node.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.base.Fault;
import io.quorate.node.wal.MemoryDisk.Operation;
import io.quorate.node.wal.PlainLog.Frame;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalTests {

    private static final Path DIRECTORY = LogScript.DIRECTORY;
    private static final byte[] METADATA = LogScript.METADATA;

    private final MemoryDisk disk = new MemoryDisk();
    private final WalSettings options = LogScript.options(disk, 8 << 10);

    private static Entry entry(long term, long index) {
        return new Entry(
                term,
                index,
                EntryType.NORMAL,
                ("entry " + index + " of term " + term).getBytes(StandardCharsets.UTF_8));
    }

    private static List<Entry> entries(long term, long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(index -> entry(term, index))
                .toList();
    }

    private Wal create() {
        return Wal.create(DIRECTORY, METADATA, options);
    }

    private Wal.Recovery open(WalSnapshot from) {
        return Wal.open(DIRECTORY, from, options);
    }

    private static List<Long> indexes(Wal.Recovery recovery) {
        return recovery.entries().stream().map(Entry::index).toList();
    }

    @Test
    void openWhenNothingAppendedGivesTheMetadata() {
        create().close();
        Wal.Recovery recovery = open(WalSnapshot.NONE);

        assertThat(recovery.metadata()).isEqualTo(METADATA);
        assertThat(recovery.hardState()).isEqualTo(HardState.EMPTY);
        assertThat(recovery.entries()).isEmpty();
        assertThat(recovery.tailCut()).isFalse();
        assertThat(Wal.exists(DIRECTORY, options)).isTrue();
        assertThat(Wal.exists(Path.of("/elsewhere"), options)).isFalse();
    }

    @Test
    void createWhenThereIsALogFails() {
        create().close();
        assertThatThrownBy(this::create).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void appendWhenReopenedManyTimesContinuesTheLog() throws InvalidProtocolBufferException {
        Wal wal = create();
        for (int round = 0; round < 20; round++) {
            wal.append(new HardState(1, 9, 10L * round), entries(1, 10L * round + 1, 10L * round + 10));
            wal.close();
            wal = open(WalSnapshot.NONE).wal();
        }
        wal.close();

        Wal.Recovery recovery = open(WalSnapshot.NONE);
        assertThat(recovery.entries()).hasSize(200);
        assertThat(recovery.hardState()).isEqualTo(new HardState(1, 9, 190));
        assertThat(LogFiles.frames(disk)).isNotEmpty();
    }

    @Test
    void syncWhenBatchIsLargeWritesOnceAndSyncsOnce() {
        WalSettings large =
                options.toBuilder().segmentBytes(1 << 20).bufferBytes(512 << 10).build();
        Wal wal = Wal.create(DIRECTORY, METADATA, large);
        disk.failAfter(Operation.WRITE, 1, "a second write");
        wal.append(new HardState(1, 1, 0), entries(1, 1, 256));
        wal.sync();
        assertThat(wal.bytesWritten()).isGreaterThan(256 * 30);

        disk.failAfter(Operation.SYNC, 0, "a second sync");
        assertThat(wal.sync()).as("nothing was appended").isZero();
    }

    @Test
    void appendWhenStateIsUnchangedWritesNothing() throws InvalidProtocolBufferException {
        Wal wal = create();
        wal.append(new HardState(1, 1, 0), List.of());
        wal.sync();
        int before = LogFiles.frames(disk).size();
        wal.append(new HardState(1, 1, 0), List.of());
        wal.sync();
        assertThat(LogFiles.frames(disk)).hasSize(before);
    }

    @Test
    void appendWhenSegmentIsFullBeginsTheNextWithChecksumMetadataAndState() throws InvalidProtocolBufferException {
        Wal wal = create();
        for (long index = 1; LogFiles.names(disk).size() < 4; index++) {
            wal.append(new HardState(1, 7, index), List.of(entry(1, index)));
            wal.sync();
        }
        wal.close();

        List<SegmentName> names = LogFiles.names(disk);
        for (SegmentName name : names.subList(1, names.size())) {
            List<Frame> frames = PlainLog.frames(LogFiles.bytes(disk, name));
            assertThat(frames.stream().limit(3).map(frame -> frame.record().getType()))
                    .containsExactly(4L, 1L, 3L);
            assertThat(name.index()).isPositive();
        }
        assertThat(indexes(open(WalSnapshot.NONE)))
                .isEqualTo(LongStream.rangeClosed(1, names.getLast().index())
                        .boxed()
                        .toList());
    }

    @Test
    void appendWhenOneEntryIsLargerThanASegmentAndTheBufferKeepsIt() {
        Wal wal = create();
        byte[] large = new byte[50_000];
        Arrays.fill(large, (byte) 7);
        wal.append(new HardState(1, 1, 0), List.of(entry(1, 1), new Entry(1, 2, EntryType.NORMAL, large), entry(1, 3)));
        wal.close();

        Wal.Recovery recovery = open(WalSnapshot.NONE);
        assertThat(indexes(recovery)).containsExactly(1L, 2L, 3L);
        assertThat(recovery.entries().get(1).data()).isEqualTo(large);
    }

    @Test
    void openWhenEntriesWereReplacedGivesTheLaterOnes() {
        Wal wal = create();
        wal.append(new HardState(1, 1, 2), entries(1, 1, 6));
        wal.append(new HardState(2, 2, 2), entries(2, 4, 5));
        wal.close();

        Wal.Recovery recovery = open(WalSnapshot.NONE);
        assertThat(recovery.entries().stream().map(Entry::term)).containsExactly(1L, 1L, 1L, 2L, 2L);
        recovery.wal().append(null, List.of(entry(2, 6)));
        recovery.wal().close();
        assertThat(indexes(open(WalSnapshot.NONE))).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void openBehindASnapshotGivesOnlyWhatFollows() {
        WalSnapshot snapshot = new WalSnapshot(5, 1, ConfState.ofVoters(List.of(1L, 2L)));
        Wal wal = create();
        wal.append(new HardState(1, 1, 8), entries(1, 1, 8));
        wal.appendSnapshot(snapshot);
        wal.append(null, entries(1, 9, 10));
        wal.close();

        assertThat(Wal.snapshots(DIRECTORY, options)).containsExactly(WalSnapshot.NONE, snapshot);
        assertThat(indexes(open(snapshot))).containsExactly(6L, 7L, 8L, 9L, 10L);
    }

    @Test
    void openWhenASnapshotReplacedTheLogDropsTheOldTail() {
        WalSnapshot installed = new WalSnapshot(100, 3, ConfState.EMPTY);
        WalSnapshot inConflict = new WalSnapshot(101, 4, ConfState.EMPTY);
        Wal wal = create();
        wal.append(new HardState(1, 1, 3), entries(1, 1, 8));
        wal.appendSnapshot(installed);
        wal.append(new HardState(3, 0, 100), entries(3, 101, 105));
        wal.appendSnapshot(inConflict);
        wal.append(new HardState(4, 0, 101), List.of());
        wal.close();

        assertThat(open(inConflict).entries()).isEmpty();
        assertThatThrownBy(() -> open(WalSnapshot.NONE))
                .isInstanceOf(WalCorruptException.class)
                .hasMessageContaining("goes on behind the snapshot at index 101");
    }

    @Test
    void openWhenSnapshotIsNotNotedRefuses() {
        create().close();
        assertThatThrownBy(() -> open(new WalSnapshot(3, 1, ConfState.EMPTY)))
                .isInstanceOf(WalCorruptException.class)
                .hasMessageContaining("is not noted");
    }

    @Test
    void snapshotsWhenStateDoesNotCommitThemLeavesThemOut() {
        Wal wal = create();
        wal.append(new HardState(1, 1, 2), entries(1, 1, 2));
        wal.appendSnapshot(new WalSnapshot(9, 1, ConfState.EMPTY));
        wal.close();
        assertThat(Wal.snapshots(DIRECTORY, options)).containsExactly(WalSnapshot.NONE);
    }

    @Test
    void openWhenASegmentIsMissingRefuses() {
        fillSegments(4);
        disk.delete(DIRECTORY.resolve(LogFiles.names(disk).get(1).toString()));
        assertThatThrownBy(() -> open(WalSnapshot.NONE))
                .isInstanceOf(WalCorruptException.class)
                .hasMessageContaining("does not follow");
    }

    @Test
    void openWhenTheOldestSegmentIsMissingRefuses() {
        fillSegments(3);
        disk.delete(DIRECTORY.resolve(LogFiles.names(disk).getFirst().toString()));
        assertThatThrownBy(() -> open(WalSnapshot.NONE))
                .isInstanceOf(WalCorruptException.class)
                .hasMessageContaining("no segment reaches back");
    }

    @Test
    void openWhenASegmentOfAnotherLogIsAmongThemRefuses() {
        fillSegments(3);
        SegmentName second = LogFiles.names(disk).get(1);
        MemoryDisk other = new MemoryDisk();
        Wal.create(DIRECTORY, new byte[] {1}, LogScript.options(other, 8 << 10)).close();
        disk.put(
                DIRECTORY.resolve(second.toString()),
                LogFiles.bytes(other, LogFiles.names(other).getFirst()));
        assertThatThrownBy(() -> open(WalSnapshot.NONE)).isInstanceOf(WalCorruptException.class);
    }

    private long fillSegments(int count) {
        long index = 0;
        try (Wal wal = create()) {
            while (LogFiles.names(disk).size() < count) {
                index++;
                wal.append(new HardState(1, 7, index), List.of(entry(1, index)));
                wal.sync();
            }
        }
        return index;
    }

    @Test
    void purgeWhenReleasedDeletesOldSegmentsButKeepsTheRest() {
        long last = fillSegments(6);
        List<SegmentName> names = LogFiles.names(disk);
        WalSnapshot snapshot = new WalSnapshot(names.get(4).index() + 1, 1, ConfState.EMPTY);
        Wal wal = open(WalSnapshot.NONE).wal();
        assertThat(wal.purge(1)).as("nothing released").isZero();
        wal.appendSnapshot(snapshot);
        wal.sync();
        wal.releaseTo(snapshot.index());

        assertThat(wal.purge(0)).as("0 keeps all").isZero();
        assertThat(wal.purge(5)).isEqualTo(1);
        assertThat(wal.purge(1)).isEqualTo(3);
        wal.close();
        assertThat(LogFiles.names(disk)).isEqualTo(names.subList(4, 6));
        assertThat(indexes(open(snapshot)))
                .isEqualTo(LongStream.rangeClosed(snapshot.index() + 1, last)
                        .boxed()
                        .toList());
    }

    @Test
    void appendWhenEntriesLeaveAGapRefusesEverythingAfterwards() {
        Wal wal = create();
        assertThatThrownBy(() -> wal.append(null, entries(1, 2, 3))).isInstanceOf(Fault.class);
        assertThatThrownBy(() -> wal.append(null, entries(1, 1, 1))).isInstanceOf(Fault.class);
    }

    @Test
    void appendWhenStateCommitsMissingEntriesFails() {
        Wal wal = create();
        assertThatThrownBy(() -> wal.append(new HardState(1, 1, 4), entries(1, 1, 3)))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("a log that ends at 3");
    }

    @Test
    void syncWhenItFailsOnceRefusesEverythingAfterwards() {
        Wal wal = create();
        wal.append(new HardState(1, 1, 0), entries(1, 1, 1));
        disk.failAfter(Operation.SYNC, 0, "Input/output error");
        assertThatThrownBy(wal::sync).isInstanceOf(Fault.class).hasMessageContaining("Input/output error");
        disk.failAfter(Operation.SYNC, Integer.MAX_VALUE, "");
        assertThatThrownBy(wal::sync).isInstanceOf(Fault.class).hasMessageContaining("earlier failure");
        assertThatThrownBy(() -> wal.append(null, entries(1, 2, 2))).isInstanceOf(Fault.class);
        assertThatThrownBy(() -> wal.appendSnapshot(WalSnapshot.NONE)).isInstanceOf(Fault.class);
        wal.close();
    }

    /** A member acknowledges what it finds; a loss of power must not take that back. */
    @Test
    void openWhenTheLastWriteWasNotSyncedMakesItDurable() {
        Wal wal = create();
        wal.sync();
        wal.append(new HardState(1, 1, 0), entries(1, 1, 2));
        disk.failAfter(Operation.SYNC, 0, "killed before the fsync");
        assertThatThrownBy(wal::sync).isInstanceOf(Fault.class);
        disk.failAfter(Operation.SYNC, Integer.MAX_VALUE, "");

        assertThat(indexes(open(WalSnapshot.NONE))).containsExactly(1L, 2L);

        MemoryDisk afterPowerLoss = disk.copy();
        assertThat(indexes(Wal.open(DIRECTORY, WalSnapshot.NONE, LogScript.options(afterPowerLoss, 8 << 10))))
                .containsExactly(1L, 2L);
    }

    @Test
    void syncWhenTheWriteFailsRefusesEverythingAfterwards() {
        Wal wal = create();
        wal.append(new HardState(1, 1, 0), entries(1, 1, 1));
        disk.failAfter(Operation.WRITE, 0, "Input/output error");
        assertThatThrownBy(wal::sync).isInstanceOf(Fault.class);
        disk.failAfter(Operation.WRITE, Integer.MAX_VALUE, "");
        assertThatThrownBy(() -> wal.append(null, entries(1, 2, 2))).isInstanceOf(Fault.class);
    }

    @Test
    void appendWhenDiskIsFullAtARollSaysSoAndKeepsWhatWasSynced() {
        Wal wal = create();
        disk.limitTo(12 << 10);
        List<Long> synced = new ArrayList<>();
        assertThatThrownBy(() -> {
                    for (long index = 1; index < 1000; index++) {
                        wal.append(new HardState(1, 1, index - 1), List.of(entry(1, index)));
                        wal.sync();
                        synced.add(index);
                    }
                })
                .isInstanceOf(Fault.class)
                .hasMessageContaining("cannot allocate 8192 bytes")
                .hasMessageContaining("No space left on device");
        assertThatThrownBy(wal::sync).isInstanceOf(Fault.class);
        disk.limitTo(Long.MAX_VALUE);
        // the entry that was being written may have made it
        assertThat(indexes(open(WalSnapshot.NONE)))
                .startsWith(synced.toArray(Long[]::new))
                .hasSizeLessThan(synced.size() + 2);
    }

    @Test
    void createWhenDiskIsFullSaysSoAndLeavesNoLog() {
        disk.limitTo(4 << 10);
        assertThatThrownBy(this::create).isInstanceOf(Fault.class).hasMessageContaining("No space left on device");
        disk.limitTo(Long.MAX_VALUE);
        assertThat(Wal.exists(DIRECTORY, options)).isFalse();
        create().close();
    }

    @Test
    void openOnARealDiskFindsWhatWasWritten(@TempDir Path directory) throws IOException {
        WalSettings real =
                WalSettings.DEFAULT.toBuilder().segmentBytes(64 << 10).build();
        Path log = directory.resolve("member").resolve("wal");
        long index = 0;
        try (Wal wal = Wal.create(log, METADATA, real)) {
            for (int batch = 0; batch < 40; batch++) {
                wal.append(new HardState(1, 1, index), entries(1, index + 1, index + 100));
                index += 100;
                assertThat(wal.sync()).isNotNegative();
            }
        }
        Wal.Recovery recovery = Wal.open(log, WalSnapshot.NONE, real);
        recovery.wal().close();
        assertThat(recovery.entries()).hasSize(4000);
        try (var files = Files.list(log)) {
            assertThat(files).allMatch(file -> file.toString().endsWith(".wal")).hasSizeGreaterThan(2);
        }
    }
}
