package io.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Fault;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import io.quorate.raft.LogStorage;
import io.quorate.raft.Snapshot;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RaftStorageTests {

    private final RaftStorage storage = new RaftStorage(
            new Snapshot(10, 2, ConfState.ofVoters(List.of(1L)), new byte[0]), HardState.EMPTY, entries(11, 20));

    private static List<Entry> entries(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(index -> Entry.empty(3, index))
                .toList();
    }

    @Test
    void boundsFollowSnapshotAndEntries() {
        assertThat(storage.firstIndex()).isEqualTo(11);
        assertThat(storage.lastIndex()).isEqualTo(20);
        assertThat(storage.term(10)).isEqualTo(2);
        assertThat(storage.term(20)).isEqualTo(3);
    }

    @Test
    void entriesWhenLimitIsSmallGivesOneAtLeast() {
        assertThat(storage.entries(12, 15, 0)).extracting(Entry::index).containsExactly(12L);
        assertThat(storage.entries(12, 15, Long.MAX_VALUE))
                .extracting(Entry::index)
                .containsExactly(12L, 13L, 14L);
    }

    @Test
    void entriesWhenCompactedOrAbsentSaysWhich() {
        assertThatThrownBy(() -> storage.entries(10, 12, 1)).isInstanceOf(LogStorage.CompactedException.class);
        assertThatThrownBy(() -> storage.entries(20, 22, 1)).isInstanceOf(LogStorage.UnavailableException.class);
        assertThatThrownBy(() -> storage.term(9)).isInstanceOf(LogStorage.CompactedException.class);
        assertThatThrownBy(() -> storage.term(21)).isInstanceOf(LogStorage.UnavailableException.class);
    }

    @Test
    void compactKeepsTermOfItsIndexAndWhatFollows() {
        storage.compact(17);

        assertThat(storage.firstIndex()).isEqualTo(18);
        assertThat(storage.term(17)).isEqualTo(3);
        assertThat(storage.entries(18, 21, Long.MAX_VALUE))
                .extracting(Entry::index)
                .containsExactly(18L, 19L, 20L);
    }

    private void appendSized(long first, int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            storage.append(List.of(new Entry(3, first + i, EntryType.NORMAL, new byte[bytes[i]])));
        }
    }

    @Test
    void compactWhenEntriesAreSmallKeepsTheirNumber() {
        appendSized(21, 10, 10, 10, 10);

        storage.compact(23, 2, 1_000);

        assertThat(storage.firstIndex()).isEqualTo(22);
        assertThat(storage.lastIndex()).isEqualTo(24);
    }

    @Test
    void compactWhenEntriesAreLargeKeepsTheirBytes() {
        appendSized(21, 10, 40, 30, 20, 5_000);

        storage.compact(24, 100, 50);

        assertThat(storage.firstIndex())
                .as("30 and 20 bytes stay, what is above is not asked for")
                .isEqualTo(23);
        assertThat(storage.lastIndex()).isEqualTo(25);
    }

    @Test
    void compactWhenTheLastIsTooLargeKeepsNoneUpToTheIndex() {
        appendSized(21, 10, 70);

        storage.compact(22, 100, 50);

        assertThat(storage.firstIndex()).isEqualTo(23);
        assertThat(storage.term(22)).isEqualTo(3);
    }

    @Test
    void compactWhenEntriesWereReplacedCountsThoseThatAreThere() {
        appendSized(21, 10, 5_000, 5_000);
        storage.append(List.of(new Entry(4, 22, EntryType.NORMAL, new byte[30])));

        storage.compact(22, 100, 50);

        assertThat(storage.firstIndex()).isEqualTo(11);
    }

    @Test
    void compactWhenNothingIsTooMuchKeepsAll() {
        storage.compact(15, 100, 50);

        assertThat(storage.firstIndex()).isEqualTo(11);
    }

    @Test
    void compactWhenTheLeadersSnapshotIsNewerKeepsThat() {
        storage.install(new Snapshot(30, 5, ConfState.EMPTY, new byte[0]));
        storage.append(List.of(Entry.empty(5, 31)));

        storage.compact(20, 0, 0);

        assertThat(storage.firstIndex()).isEqualTo(31);
        assertThat(storage.lastIndex()).isEqualTo(31);
    }

    @Test
    void appendWhenEntriesOverlapReplacesTheOldTail() {
        storage.compact(12);
        storage.append(List.of(Entry.empty(4, 15)));

        assertThat(storage.lastIndex()).isEqualTo(15);
        assertThat(storage.term(15)).isEqualTo(4);
        assertThat(storage.term(14)).isEqualTo(3);
    }

    @Test
    void appendWhenItLeavesGapIsFault() {
        assertThatThrownBy(() -> storage.append(List.of(Entry.empty(4, 22)))).isInstanceOf(Fault.class);
    }

    @Test
    void snapshotTakenIsWhatLaggingMembersGet() {
        storage.snapshotTaken(16, ConfState.ofVoters(List.of(1L)));

        assertThat(storage.snapshot().index()).isEqualTo(16);
        assertThat(storage.snapshot().term()).isEqualTo(3);
        storage.snapshotTaken(12, ConfState.EMPTY);
        assertThat(storage.snapshot().index()).isEqualTo(16);
    }

    @Test
    void installReplacesTheWholeLog() {
        storage.install(new Snapshot(30, 5, ConfState.EMPTY, new byte[0]));

        assertThat(storage.firstIndex()).isEqualTo(31);
        assertThat(storage.lastIndex()).isEqualTo(30);
        assertThat(storage.term(30)).isEqualTo(5);
    }

    @Test
    void compactWhenNothingAboveIsThereForgetsAll() {
        storage.compact(20);

        assertThat(storage.firstIndex()).isEqualTo(21);
        assertThat(storage.lastIndex()).isEqualTo(20);
        assertThat(storage.term(20)).isEqualTo(3);
        storage.append(List.of(Entry.empty(4, 21)));
        assertThat(storage.entries(21, 22, 0)).extracting(Entry::term).containsExactly(4L);
    }

    @Test
    void compactWhenItIsBeyondTheLogIsFault() {
        assertThatThrownBy(() -> storage.compact(21)).isInstanceOf(Fault.class);
    }

    @Test
    void compactWhenItIsDoneInStepsKeepsPlaces() {
        for (long index = 11; index < 20; index++) {
            storage.compact(index);
            storage.compact(index);
            assertThat(storage.firstIndex()).isEqualTo(index + 1);
            assertThat(storage.term(index + 1)).isEqualTo(3);
            assertThat(storage.entries(index + 1, 21, Long.MAX_VALUE))
                    .extracting(Entry::index)
                    .first()
                    .isEqualTo(index + 1);
        }
    }

    @Test
    void appendWhenEntriesAreCompactedAlreadyLeavesThemOut() {
        storage.compact(15);
        storage.append(List.of(Entry.empty(9, 15), Entry.empty(3, 16)));

        assertThat(storage.firstIndex()).isEqualTo(16);
        assertThat(storage.lastIndex()).isEqualTo(16);
        assertThat(storage.term(15)).isEqualTo(3);
    }

    @Test
    void appendWhenOnlyTheLastIsReplacedKeepsTheRest() {
        storage.append(List.of(Entry.empty(4, 20)));

        assertThat(storage.lastIndex()).isEqualTo(20);
        assertThat(storage.term(20)).isEqualTo(4);
        assertThat(storage.term(19)).isEqualTo(3);
    }

    @Test
    void entriesWhenTheLimitIsJustReachedGivesAllOfThem() {
        long two = 2L * Entry.empty(3, 12).encodedSize();

        assertThat(storage.entries(12, 20, two)).hasSize(2);
        assertThat(storage.entries(12, 20, two - 1)).hasSize(1);
    }

    @Test
    void newWhenEntriesDoNotFollowTheSnapshotIsFault() {
        Snapshot snapshot = new Snapshot(10, 2, ConfState.EMPTY, new byte[0]);
        assertThatThrownBy(() -> new RaftStorage(snapshot, HardState.EMPTY, entries(12, 20)))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("starts at 12, expected 11");
    }
}
