package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.Fault;
import io.quorate.node.SteppedNode;
import io.quorate.node.wal.WalSnapshot;
import io.quorate.raft.ConfState;
import io.quorate.raft.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a member notes in its log that its state is on disk. */
class SnapshotsTests {

    private static final ConfState ALONE = ConfState.ofVoters(List.of(SteppedNode.ID));
    private static final CompletableFuture<Void> PERSISTED = CompletableFuture.completedFuture(null);
    private static final long COUNT = 10;
    private static final int KEPT = 4;
    private static final Duration REST = Duration.ofMinutes(1);

    private final SteppedNode member = new SteppedNode(1).settle();
    private final ApplyProgress progress = new ApplyProgress(Snapshot.EMPTY);
    private final List<Runnable> maintenance = new ArrayList<>();
    private final List<Throwable> faults = new ArrayList<>();
    private final List<List<WalSnapshot>> recordedAtFlush = new ArrayList<>();
    private Runnable flush = () -> {
        member.settle();
        recordedAtFlush.add(recorded());
    };

    private boolean held;

    private final Snapshots snapshots = new Snapshots(
            progress,
            member.node,
            () -> flush.run(),
            maintenance::add,
            faults::add,
            new Snapshots.Intervals(COUNT, 1_000, 1 << 20, KEPT, REST),
            () -> held,
            member.clock);

    /** A record counts only if what it stands for is committed. */
    @BeforeEach
    void commitMany() {
        while (member.node.status().commit() <= 3 * COUNT) {
            member.propose("entry");
        }
    }

    private List<WalSnapshot> recorded() {
        return member.recordedSnapshots().stream()
                .filter(snapshot -> snapshot.index() > 0)
                .toList();
    }

    private void applyUpTo(long index) {
        progress.applied(index, 1, ALONE);
        snapshots.afterApply(0, PERSISTED);
    }

    private void maintain() {
        List<Runnable> due = List.copyOf(maintenance);
        maintenance.clear();
        due.forEach(Runnable::run);
        member.settle();
    }

    /** A loss of power between the two would leave a log that begins behind the state. */
    @Test
    void afterApplyWhenDueFlushesBeforeTheLogKnows() {
        applyUpTo(COUNT + 1);
        maintain();
        assertThat(recordedAtFlush).containsExactly(List.of());
        assertThat(recorded()).extracting(WalSnapshot::index).containsExactly(COUNT + 1);
        assertThat(progress.diskSnapshotIndex()).isEqualTo(COUNT + 1);
        assertThat(faults).isEmpty();
    }

    @Test
    void afterApplyWhenTheFlushFailsRecordsNothingAndEndsTheMember() {
        Fault broken = new Fault("the disk broke");
        flush = () -> {
            throw broken;
        };
        applyUpTo(COUNT + 1);
        maintain();
        assertThat(recorded()).isEmpty();
        assertThat(progress.diskSnapshotIndex()).isZero();
        assertThat(faults).singleElement().satisfies(fault -> assertThat(fault).hasRootCause(broken));
    }

    @Test
    void afterApplyWhenNotDueDoesNothing() {
        applyUpTo(COUNT);
        assertThat(maintenance).isEmpty();
    }

    @Test
    void afterApplyWhenTheLogHasNotStoredTheEntriesWaits() {
        CompletableFuture<Void> persisted = new CompletableFuture<>();
        progress.applied(COUNT + 1, 1, ALONE);
        snapshots.afterApply(0, persisted);
        assertThat(maintenance).isEmpty();
        persisted.complete(null);
        assertThat(maintenance).hasSize(1);
    }

    @Test
    void afterApplyWhenOneRunsStartsNoOther() {
        applyUpTo(COUNT + 1);
        applyUpTo(3 * COUNT);
        assertThat(maintenance).hasSize(1);
        maintain();
        assertThat(recorded()).extracting(WalSnapshot::index).containsExactly(COUNT + 1);
    }

    @Test
    void afterApplyWhenOneEndedRestsFirst() {
        applyUpTo(COUNT + 1);
        maintain();
        applyUpTo(3 * COUNT);
        assertThat(maintenance).isEmpty();
        member.clock.advance(REST);
        applyUpTo(3 * COUNT + 1);
        assertThat(maintenance).hasSize(1);
    }

    @Test
    void afterApplyWhenTheMemoryStepIsPassedCutsTheLogInMemory() {
        applyUpTo(1_000);
        assertThat(progress.memorySnapshotIndex()).isZero();
        progress.applied(1_001, 1, ALONE);
        snapshots.afterApply(0, new CompletableFuture<>());
        assertThat(progress.memorySnapshotIndex()).isEqualTo(1_001);
    }

    /** A hundred entries of the largest size would fill a small heap. */
    @Test
    void afterApplyWhenTheEntriesAreLargeCutsTheLogInMemorySooner() {
        progress.applied(5, 1, ALONE);
        snapshots.afterApply(1 << 19, PERSISTED);
        snapshots.afterApply(1 << 19, PERSISTED);
        assertThat(progress.memorySnapshotIndex()).isZero();
        progress.applied(6, 1, ALONE);
        snapshots.afterApply(1, PERSISTED);
        assertThat(progress.memorySnapshotIndex()).isEqualTo(6);
        progress.applied(7, 1, ALONE);
        snapshots.afterApply(1 << 20, PERSISTED);
        assertThat(progress.memorySnapshotIndex()).isEqualTo(6);
    }

    @Test
    void afterApplyWhenTheLastOneIsJustSoManyEntriesBackIsNotDue() {
        applyUpTo(COUNT + 1);
        maintain();
        member.clock.advance(REST);
        applyUpTo(2 * COUNT + 1);
        assertThat(maintenance).isEmpty();
        applyUpTo(2 * COUNT + 2);
        assertThat(maintenance).hasSize(1);
    }

    private void cutAt(long index) {
        progress.applied(index, 1, ALONE);
        snapshots.afterApply((1 << 20) + 1, new CompletableFuture<>());
        member.settle();
    }

    @Test
    void afterApplyWhenItCutsTheLogInMemoryKeepsSomeForFollowers() {
        cutAt(2 * COUNT);
        assertThat(member.firstIndex()).isEqualTo(2 * COUNT - KEPT + 1);
    }

    /** It will come back for what follows its snapshot. */
    @Test
    void afterApplyWhenAFollowerReceivesASnapshotKeepsMore() {
        held = true;
        cutAt(2 * COUNT);
        assertThat(member.firstIndex()).isEqualTo(1);
    }
}
