package io.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.membership.Member;
import io.quorate.membership.MemberJson;
import io.quorate.node.snapshot.SnapshotFiles;
import io.quorate.node.wal.MemoryDisk;
import io.quorate.node.wal.WalOptions;
import io.quorate.proto.Metadata;
import io.quorate.raft.Peer;
import io.quorate.raft.RaftConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BootstrapTests {

    private static final Path DIRECTORY = Path.of("/member");

    @Test
    void startWhenNewFoundsTheCluster() {
        assertThat(start(new MemoryDisk()).core().status().confState().voters()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void startWhenFirstStartEndedBeforeItsFirstWriteFoundsTheClusterAgain() {
        MemoryDisk disk = new MemoryDisk();
        start(disk);

        Bootstrap.Start again = start(disk);

        assertThat(again.core().status().confState().voters()).containsExactly(1L, 2L, 3L);
        assertThat(again.core().status().commit()).isEqualTo(3);
    }

    private static Bootstrap.Start start(MemoryDisk disk) {
        WalOptions options = WalOptions.DEFAULT.toBuilder()
                .segmentBytes(1 << 15)
                .disk(disk)
                .background(Runnable::run)
                .build();
        List<Peer> peers = LongStream.rangeClosed(1, 3)
                .mapToObj(id -> new Peer(
                        id,
                        MemberJson.encode(Member.announced(id, "m" + id, List.of("http://localhost:" + id), false))))
                .toList();
        return new Bootstrap(
                        DIRECTORY.resolve("wal"),
                        new SnapshotFiles(DIRECTORY.resolve("snap"), disk),
                        options,
                        Metadata.newBuilder().setNodeID(1).setClusterID(7).build(),
                        peers)
                .start(
                        RaftConfig.builder()
                                .id(1)
                                .asyncStorageWrites(true)
                                .random(ignored -> 0)
                                .build(),
                        null);
    }
}
