package io.quorate.raft.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Fault;
import io.quorate.base.LostLogException;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.MemoryLogStorage;
import io.quorate.raft.RaftLogger;
import io.quorate.raft.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RaftLogTests {

    private static final long SIZE = Entry.empty(1, 1).encodedSize();

    private final MemoryLogStorage storage = new MemoryLogStorage();

    private RaftLog log() {
        return log(Long.MAX_VALUE);
    }

    private RaftLog log(long applyingBytesMax) {
        return new RaftLog(storage, applyingBytesMax, RaftLogger.NONE);
    }

    private static List<Entry> entries(long term, long first, long last) {
        List<Entry> entries = new ArrayList<>();
        for (long index = first; index <= last; index++) {
            entries.add(Entry.empty(term, index));
        }
        return entries;
    }

    @Test
    void termIsKnownFromBelowTheFirstToTheLastEntry() {
        storage.append(entries(1, 1, 5));
        storage.compact(2);
        RaftLog log = log();
        log.append(entries(2, 6, 7));
        assertThat(log.firstIndex()).isEqualTo(3);
        assertThat(log.lastIndex()).isEqualTo(7);
        assertThat(log.term(1)).isEqualTo(RaftLog.UNKNOWN_TERM);
        assertThat(log.term(2)).isEqualTo(1);
        assertThat(log.term(6)).isEqualTo(2);
        assertThat(log.term(8)).isEqualTo(RaftLog.UNKNOWN_TERM);
    }

    @Test
    void sliceJoinsStableAndUnstableEntries() {
        storage.append(entries(1, 1, 3));
        RaftLog log = log();
        log.append(entries(1, 4, 6));
        assertThat(log.slice(2, 7, Long.MAX_VALUE)).isEqualTo(entries(1, 2, 6));
        assertThat(log.slice(2, 7, 3 * SIZE)).isEqualTo(entries(1, 2, 4));
        assertThat(log.slice(2, 7, 2 * SIZE)).isEqualTo(entries(1, 2, 3));
        assertThat(log.slice(2, 7, 0)).isEqualTo(entries(1, 2, 2));
        assertThat(log.slice(5, 7, Long.MAX_VALUE)).isEqualTo(entries(1, 5, 6));
        assertThat(log.entriesFrom(7, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void appendAfterKeepsWhatAgreesAndReplacesWhatDoesNot() {
        RaftLog log = log();
        log.append(entries(1, 1, 5));
        assertThat(log.appendAfter(6, 1, entries(1, 7, 7), 0)).isFalse();
        assertThat(log.appendAfter(2, 2, List.of(), 0)).isFalse();
        assertThat(log.appendAfter(1, 1, entries(1, 2, 3), 2)).isTrue();
        assertThat(log.lastIndex()).as("a late append cuts nothing off").isEqualTo(5);
        assertThat(log.committed()).isEqualTo(2);
        assertThat(log.appendAfter(3, 1, entries(2, 4, 4), 9)).isTrue();
        assertThat(log.lastIndex()).isEqualTo(4);
        assertThat(log.lastTerm()).isEqualTo(2);
        assertThat(log.committed())
                .as("not beyond what the message showed to agree")
                .isEqualTo(4);
    }

    @Test
    void appendAfterOverACommittedEntryIsFatal() {
        RaftLog log = log();
        log.append(entries(1, 1, 3));
        log.commitTo(2);
        assertThatThrownBy(() -> log.appendAfter(1, 1, entries(2, 2, 2), 2)).isInstanceOf(Fault.class);
        assertThatThrownBy(() -> log.commitTo(4)).isInstanceOf(LostLogException.class);
    }

    @Test
    void confirmationOfAReplacedEntryIsIgnored() {
        RaftLog log = log();
        log.append(entries(1, 1, 3));
        log.acceptUnstable();
        assertThat(log.hasNextUnstableEntries()).isFalse();
        log.appendAfter(1, 1, entries(2, 2, 2), 0);
        assertThat(log.nextUnstableEntries()).isEqualTo(entries(2, 2, 2));
        log.stableTo(2, 1);
        assertThat(log.nextUnstableEntries()).isEqualTo(entries(2, 2, 2));
        log.stableTo(1, 1);
        assertThat(log.nextUnstableEntries()).isEqualTo(entries(2, 2, 2));
        log.acceptUnstable();
        storage.append(entries(1, 1, 1));
        storage.append(entries(2, 2, 2));
        log.stableTo(2, 2);
        assertThat(log.hasUnstableEntries()).isFalse();
        assertThat(log.lastIndex()).isEqualTo(2);
    }

    @Test
    void committedEntriesComeInPagesUnderTheLimit() {
        RaftLog log = log(3 * SIZE);
        log.append(entries(1, 1, 7));
        log.commitTo(7);
        assertThat(log.hasNextCommitted(false)).as("nothing is stable").isFalse();
        List<Entry> first = log.nextCommitted(true);
        assertThat(first).isEqualTo(entries(1, 1, 3));
        log.acceptApplying(first, true);
        assertThat(log.nextCommitted(true)).isEmpty();
        log.appliedTo(1, SIZE);
        assertThat(log.nextCommitted(true)).isEqualTo(entries(1, 4, 4));
        log.appliedTo(3, 2 * SIZE);
        List<Entry> second = log.nextCommitted(true);
        assertThat(second).isEqualTo(entries(1, 4, 6));
        assertThatThrownBy(() -> log.appliedTo(8, 0)).isInstanceOf(Fault.class);
    }

    @Test
    void nothingIsAppliedWhileASnapshotIsInstalled() {
        RaftLog log = log();
        log.append(entries(1, 1, 3));
        log.restore(new Snapshot(10, 2, ConfState.ofVoters(List.of(1L)), new byte[0]));
        assertThat(log.hasNextCommitted(true)).isFalse();
        assertThat(log.firstIndex()).isEqualTo(11);
        assertThat(log.lastIndex()).isEqualTo(10);
        assertThat(log.lastTerm()).isEqualTo(2);
        log.acceptUnstable();
        assertThat(log.nextUnstableSnapshot()).isNull();
        assertThat(log.hasUnstableSnapshot()).isTrue();
        log.stableSnapshotTo(10);
        assertThat(log.hasUnstableSnapshot()).isFalse();
    }

    @Test
    void hintSkipsTermsThatCannotMatch() {
        RaftLog log = log();
        log.append(entries(1, 1, 3));
        log.append(entries(4, 4, 6));
        assertThat(log.lastIndexNotAbove(6, 3)).isEqualTo(3);
        assertThat(log.lastIndexNotAbove(6, 4)).isEqualTo(6);
        assertThat(log.lastIndexNotAbove(6, 0)).isZero();
        assertThat(log.isUpToDate(6, 4)).isTrue();
        assertThat(log.isUpToDate(5, 4)).isFalse();
        assertThat(log.isUpToDate(1, 5)).isTrue();
    }
}
