package io.quorate.server;

import static io.quorate.fixture.Expected.untouched;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.fixture.MeterReader;
import io.quorate.node.ApplyPacket;
import io.quorate.raft.ConfState;
import io.quorate.raft.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ApplyProgressTests {

    private static Snapshot snapshot(long index) {
        return new Snapshot(index, 1, ConfState.ofVoters(List.of(1L)), new byte[0]);
    }

    @Test
    void installingWhenASnapshotTakesThePlaceOfTheStateLastsAsLong() {
        ApplyProgress progress = new ApplyProgress(snapshot(1));
        List<Boolean> seen = new ArrayList<>();
        ApplyJob job = new ApplyJob(untouched(), progress, untouched(), untouched(), untouched(), received -> {
            seen.add(progress.isInstalling());
            throw new IllegalStateException("the rest is not looked at");
        });
        assertThat(progress.isInstalling()).isFalse();
        assertThatThrownBy(() -> job.run(
                        new ApplyPacket(snapshot(9), List.of(), CompletableFuture.completedFuture(null), null, 0)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(seen).containsExactly(true);
        progress.installed(snapshot(9));
        assertThat(progress.isInstalling()).isFalse();
    }

    @Test
    void installedWhenTheStateWasReplacedIsThere() {
        ApplyProgress progress = new ApplyProgress(snapshot(1));
        Snapshot received = new Snapshot(9, 4, ConfState.ofVoters(List.of(1L, 2L)), new byte[0]);
        progress.installed(received);
        assertThat(progress.appliedIndex()).isEqualTo(9);
        assertThat(progress.appliedTerm()).isEqualTo(4);
        assertThat(progress.confState()).isEqualTo(received.confState());
        assertThat(progress.diskSnapshotIndex()).isEqualTo(9);
        assertThat(progress.memorySnapshotIndex()).isEqualTo(9);
    }

    @Test
    void metersFollowTheProgress() {
        ApplyProgress progress = new ApplyProgress(snapshot(1));
        MeterReader meters = new MeterReader(progress::register);
        progress.applied(9, 1, ConfState.EMPTY);
        progress.snapshotOnDisk(7);
        progress.snapshotOnDisk(6);
        progress.snapshotInMemory(8);
        progress.installing();
        assertThat(meters.value("etcd_server_proposals_applied_total")).isEqualTo(9);
        assertThat(meters.value("quorate_snapshot_disk_index")).isEqualTo(7);
        assertThat(meters.value("quorate_snapshot_memory_index")).isEqualTo(8);
        assertThat(meters.value("etcd_server_snapshot_apply_in_progress_total")).isEqualTo(1);
    }
}
