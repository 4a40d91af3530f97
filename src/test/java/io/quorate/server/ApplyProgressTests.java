package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        ApplyJob job = new ApplyJob(null, progress, null, null, null, received -> {
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
}
