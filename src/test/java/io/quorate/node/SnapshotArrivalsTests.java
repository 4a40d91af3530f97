package io.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.node.snapshot.SnapshotDirectories;
import io.quorate.node.wal.Disk;
import io.quorate.raft.ConfState;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state that has arrived whole, until the node knows. */
class SnapshotArrivalsTests {

    private static final Snapshot STATE = new Snapshot(40, 3, ConfState.EMPTY, new byte[0]);

    @TempDir
    private Path directory;

    private final List<Boolean> foundWhenTold = new ArrayList<>();
    private SnapshotDirectories folders;
    private boolean accepts = true;
    private SnapshotArrivals arrivals;
    private Path folder;

    @BeforeEach
    void receive() throws IOException {
        folders = new SnapshotDirectories(directory);
        arrivals = new SnapshotArrivals(folders, announcement -> {
            foundWhenTold.add(folders.find(3, 40).isPresent());
            return accepts;
        });
        folder = Files.createDirectory(arrivals.newFolder());
    }

    private static Message announcement(@Nullable Snapshot snapshot) {
        return Message.builder()
                .type(MessageType.SNAP)
                .from(2)
                .to(1)
                .snapshot(snapshot)
                .build();
    }

    /** After a crash the log names the state: it must be found then. */
    @Test
    void arrivedWhenTheNodeIsToldIsInItsPlaceAlready() throws IOException {
        arrivals.arrived(announcement(STATE), folder);
        assertThat(foundWhenTold).containsExactly(true);
        assertThat(folder).doesNotExist();
    }

    @Test
    void arrivedWhenTheNodeIsTooBusyFailsSoThatTheSenderKnows() {
        accepts = false;
        assertThatThrownBy(() -> arrivals.arrived(announcement(STATE), folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too busy");
    }

    @Test
    void arrivedWhenItIsNotSaidWhatItIsTellsNobody() {
        assertThatThrownBy(() -> arrivals.arrived(announcement(null), folder)).isInstanceOf(IOException.class);
        assertThat(foundWhenTold).isEmpty();
        assertThat(folders.isEmpty()).isTrue();
    }

    @Test
    void discardWhenItDidNotArriveWholeDeletesWhatDid() {
        assertThat(folder).hasParent(directory);
        arrivals.discard(folder);
        assertThat(folder).doesNotExist();
        assertThat(arrivals.disk()).isEqualTo(Disk.system());
    }
}
