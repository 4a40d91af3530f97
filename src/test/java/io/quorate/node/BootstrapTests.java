package io.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void acceptWhenTheStateIsThatOfTheNewestEntryKeepsTheLog() {
        MemoryDisk disk = new MemoryDisk();
        written(disk, new HardState(5, 2, 1), entry(1, 4), entry(2, 5));

        assertThat(bootstrap(disk).accept(state(2, 5))).isTrue();

        assertThat(start(disk).snapshot().index()).isZero();
        assertThat(start(disk).storage().lastIndex()).isEqualTo(2);
    }

    /** Its votes are those of another member: two members with one memory would vote twice. */
    @Test
    void startWhenTheLogIsAnotherMembersRefusesAndNamesBoth() {
        MemoryDisk disk = new MemoryDisk();
        written(disk, new HardState(5, 2, 1), entry(1, 4));
        Bootstrap other = bootstrap(disk, 0xab, 7);

        assertThatThrownBy(() -> other.start(config(0xab), null))
                .isInstanceOf(Bootstrap.ForeignLogException.class)
                .hasMessageContaining("belongs to member 1 of cluster 7")
                .hasMessageContaining("describe member ab of cluster 7");
        assertThatThrownBy(() -> other.accept(state(9, 4))).isInstanceOf(Bootstrap.ForeignLogException.class);
        assertThatThrownBy(() -> bootstrap(disk, 1, 8).start(config(1), null))
                .isInstanceOf(Bootstrap.ForeignLogException.class);
        assertThat(start(disk).storage().lastIndex()).isEqualTo(1);
    }

    /** It holds no promise, and whoever changes the settings before the first write would have to find and delete it. */
    @Test
    void startWhenAnUnwrittenLogIsOfOtherSettingsBeginsAnew() {
        MemoryDisk disk = new MemoryDisk();
        bootstrap(disk, 0xab, 7).start(config(0xab), null).wal().close();

        Bootstrap.Start again = start(disk);

        assertThat(again.isNew()).isTrue();
        assertThat(Bootstrap.identityIn(DIRECTORY.resolve("wal"), options(disk)).getNodeID())
                .isEqualTo(1);
    }

    @Test
    void startWhenTheLogIsNewDrawsAnIncarnationAndKeepsIt() {
        MemoryDisk disk = new MemoryDisk();
        Bootstrap.Start first = start(disk);
        first.wal().close();
        assertThat(first.incarnation())
                .isNotZero()
                .isNotEqualTo(start(new MemoryDisk()).incarnation());
        assertThat(start(disk).incarnation()).isEqualTo(first.incarnation());
    }

    @Test
    void startAloneWhenTheOthersAreLostCountsAllAsCommittedAndStaysSo() {
        MemoryDisk disk = new MemoryDisk();
        written(disk, new HardState(5, 2, 1), entry(1, 4), entry(2, 5));
        ConfState three = ConfState.ofVoters(List.of(1L, 2L, 3L));

        Bootstrap.Start alone = bootstrap(disk).startAlone(config(1), three, 1);

        assertThat(alone.storage().lastIndex())
                .as("the others are removed behind it")
                .isEqualTo(4);
        assertThat(alone.hardState().commit()).isEqualTo(4);
        alone.wal().close();
        Bootstrap.Start again = start(disk);
        assertThat(again.storage().lastIndex()).isEqualTo(4);
        assertThat(again.hardState()).isEqualTo(new HardState(5, 2, 4));
    }

    @Test
    void isRestartWhenTheLogWasWritten(@TempDir Path directory) {
        Path log = directory.resolve("wal");
        assertThat(Bootstrap.isRestart(log)).isFalse();
        Metadata metadata = Metadata.newBuilder().setNodeID(1).setClusterID(7).build();
        try (Wal wal = Wal.create(log, metadata.toByteArray(), WalSettings.DEFAULT)) {
            assertThat(Bootstrap.isRestart(log)).as("nothing in it yet").isFalse();
            wal.append(new HardState(2, 1, 0), List.of(entry(1, 2)));
            wal.sync();
        }
        assertThat(Bootstrap.isRestart(log)).isTrue();
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
        return bootstrap(disk).start(config(1), null);
    }

    private static RaftConfig config(long id) {
        return RaftConfig.builder()
                .id(id)
                .asyncStorageWrites(true)
                .random(ignored -> 0)
                .build();
    }

    private static WalSettings options(MemoryDisk disk) {
        return WalSettings.DEFAULT.toBuilder()
                .segmentBytes(1 << 15)
                .disk(disk)
                .background(Runnable::run)
                .build();
    }

    private static Bootstrap bootstrap(MemoryDisk disk) {
        return bootstrap(disk, 1, 7);
    }

    private static Bootstrap bootstrap(MemoryDisk disk, long member, long cluster) {
        List<Peer> peers = LongStream.rangeClosed(1, 3)
                .mapToObj(id -> new Peer(
                        id,
                        MemberJson.encode(Member.announced(id, "m" + id, List.of("http://localhost:" + id), false))))
                .toList();
        return new Bootstrap(
                DIRECTORY.resolve("wal"),
                new SnapshotFiles(DIRECTORY.resolve("snap"), disk),
                options(disk),
                Metadata.newBuilder().setNodeID(member).setClusterID(cluster).build(),
                peers);
    }
}
