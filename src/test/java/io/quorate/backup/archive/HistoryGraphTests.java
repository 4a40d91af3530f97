package io.quorate.backup.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.backup.archive.ArchiveName.Full;
import io.quorate.backup.archive.ArchiveName.Segment;
import io.quorate.backup.archive.HistoryGraph.Way;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two branches that part at the point of a full backup: leases and users of one are none of the other. */
class HistoryGraphTests {

    private static final Point START = new Point(2, 2);
    private static final Point FORK = new Point(5, 5);
    private static final Point LOST = new Point(8, 80);
    private static final Point KEPT = new Point(8, 81);
    private static final long COMMON_STATE = 1;
    private static final long LOST_STATE = 2;
    private static final long FORK_STATE = 3;
    private static final long KEPT_STATE = 4;

    private final Full start = full(0, START, COMMON_STATE);
    private final Segment toFork = segment(1, START, FORK, ArchiveName.NO_STATE);
    private final Full before = full(2, FORK, COMMON_STATE);
    private final Segment lost = segment(3, FORK, LOST, LOST_STATE);
    private final Full behind = full(4, FORK, FORK_STATE);
    private final Segment kept = segment(5, FORK, KEPT, KEPT_STATE);

    private static Full full(int second, Point end, long state) {
        return new Full(7, Instant.ofEpochSecond(second), end, -1, state, "");
    }

    private static Segment segment(int second, Point begin, Point end, long state) {
        return new Segment(7, Instant.ofEpochSecond(second), begin, end, state, "");
    }

    @Test
    void wayWhenItsBranchWasAbandonedBeginsWithItsOwnFullBackup() {
        HistoryGraph graph =
                new HistoryGraph(List.of(before, behind), List.of(lost, segment(5, FORK, FORK, KEPT_STATE)));
        Way way = graph.to(7).orElseThrow();
        assertThat(way.full()).isEqualTo(before);
        assertThat(way.stateAt(7)).hasValue(COMMON_STATE);
        assertThat(graph.stateBehind(way, 7)).hasValue(LOST_STATE);
    }

    @Test
    void wayWhenItsBranchWentOnBeginsWithTheFullBackupBehindTheFork() {
        HistoryGraph graph = new HistoryGraph(List.of(before, behind), List.of(lost, kept));
        Way way = graph.to(7).orElseThrow();
        assertThat(way.segments()).containsExactly(kept);
        assertThat(way.full()).isEqualTo(behind);
        assertThat(way.stateAt(7)).hasValue(FORK_STATE);
        assertThat(graph.stateBehind(way, 7)).hasValue(KEPT_STATE);
    }

    @Test
    void stateBehindWhenTheWayEndsAtTheForkIsOfTheBranchThatWentOn() {
        HistoryGraph graph = new HistoryGraph(List.of(start), List.of(toFork, lost, kept));
        Way way = graph.to(5).orElseThrow();
        assertThat(way.last()).isEqualTo(toFork);
        assertThat(graph.stateBehind(way, 5)).hasValue(KEPT_STATE);
    }
}
