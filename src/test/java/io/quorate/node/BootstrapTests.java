package io.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.membership.Member;
import io.quorate.membership.MemberJson;
import io.quorate.node.snapshot.SnapshotFiles;
import io.quorate.node.wal.MemoryDisk;
import io.quorate.node.wal.Wal;
import io.quorate.node.wal.WalSettings;
import io.quorate.proto.Metadata;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import io.quorate.raft.Peer;
import io.quorate.raft.RaftConfig;
import io.quorate.raft.Snapshot;
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

    @Test
    void acceptWhenTheLogEndsBelowTheStateLetsItBeginThere() {
        MemoryDisk disk = new MemoryDisk();
        start(disk).wal().close();

        assertThat(bootstrap(disk).accept(state(9, 4))).isTrue();

        Bootstrap.Start again = start(disk);
        assertThat(again.snapshot().index()).isEqualTo(9);
        assertThat(again.snapshot().term()).isEqualTo(4);
        assertThat(again.snapshot().confState()).isEqualTo(state(9, 4).confState());
        assertThat(again.storage().lastIndex()).isEqualTo(9);
        assertThat(again.hardState()).isEqualTo(new HardState(4, 0, 9));
    }

    @Test
    void acceptWhenTheStateIsOfTheSameTermKeepsTheVote() {
        MemoryDisk disk = new MemoryDisk();
        written(disk, new HardState(5, 2, 1), entry(1, 5), entry(2, 5));

        assertThat(bootstrap(disk).accept(state(9, 5))).isTrue();

        assertThat(start(disk).hardState()).isEqualTo(new HardState(5, 2, 9));
    }

    @Test
    void acceptWhenTheLogReachesTheStateKeepsWhatFollows() {
        MemoryDisk disk = new MemoryDisk();
        written(disk, new HardState(5, 2, 1), entry(1, 4), entry(2, 5), entry(3, 5));

        assertThat(bootstrap(disk).accept(state(2, 5))).isTrue();

        Bootstrap.Start again = start(disk);
        assertThat(again.storage().lastIndex()).isEqualTo(3);
        assertThat(again.hardState()).isEqualTo(new HardState(5, 2, 1));
    }

    @Test
    void acceptWhenTheLogHasAnotherEntryAtTheStateRefusesAndChangesNothing() {
        MemoryDisk disk = new MemoryDisk();
        written(disk, new HardState(5, 2, 1), entry(1, 4), entry(2, 4), entry(3, 4));

        assertThat(bootstrap(disk).accept(state(2, 5))).isFalse();

        Bootstrap.Start again = start(disk);
        assertThat(again.storage().lastIndex()).isEqualTo(3);
        assertThat(again.hardState()).isEqualTo(new HardState(5, 2, 1));
    }

    @Test
    void acceptWhenTheLogWasCutAboveTheStateRefuses() {
        MemoryDisk disk = new MemoryDisk();
        start(disk).wal().close();
        assertThat(bootstrap(disk).accept(state(9, 4))).isTrue();

        assertThat(bootstrap(disk).accept(state(8, 4))).isFalse();
        assertThat(bootstrap(disk).accept(state(9, 4))).isTrue();
    }

    private static Snapshot state(long index, long term) {
        return new Snapshot(index, term, ConfState.ofVoters(List.of(1L, 2L, 3L)), new byte[0]);
    }

    private static Entry entry(long index, long term) {
        return new Entry(term, index, EntryType.NORMAL, new byte[] {1});
    }

    private static void written(MemoryDisk disk, HardState state, Entry... entries) {
        Wal wal = start(disk).wal();
        wal.append(state, List.of(entries));
        wal.sync();
        wal.close();
    }

    /** The first of three members. */
    static Bootstrap.Start start(MemoryDisk disk) {
        return bootstrap(disk)
                .start(
                        RaftConfig.builder()
                                .id(1)
                                .asyncStorageWrites(true)
                                .random(ignored -> 0)
                                .build(),
                        null);
    }

    private static Bootstrap bootstrap(MemoryDisk disk) {
        WalSettings options = WalSettings.DEFAULT.toBuilder()
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
                peers);
    }
}
