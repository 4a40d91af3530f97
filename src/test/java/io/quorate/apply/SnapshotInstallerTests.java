package io.quorate.apply;

import static io.quorate.apply.ApplyFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Fault;
import io.quorate.base.KeyRange;
import io.quorate.membership.Member;
import io.quorate.mvcc.RangeQuery;
import io.quorate.node.snapshot.SnapshotDirectories;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmType;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.raft.ConfState;
import io.quorate.raft.Snapshot;
import io.quorate.storage.Family;
import io.quorate.watch.MvccHistory;
import io.quorate.watch.WatchHub;
import io.quorate.watch.WatchMemory;
import io.quorate.watch.WatchMessage;
import io.quorate.watch.WatchSettings;
import io.quorate.watch.WatchSpec;
import io.quorate.watch.WatchStream;
import io.quorate.watch.WatchStream.WatchSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The state of a leader in the place of one that lags behind. */
class SnapshotInstallerTests {

    @TempDir
    private Path directory;

    private ApplyFixture leader;
    private ApplyFixture member;
    private SnapshotDirectories folders;

    @BeforeEach
    void lagBehind() {
        leader = new ApplyFixture(directory.resolve("leader"));
        member = new ApplyFixture(directory.resolve("member"));
        folders = new SnapshotDirectories(directory.resolve("states"));
        leader.add(Member.announced(1, "", List.of("http://m1:1"), false));
        leader.add(Member.announced(2, "", List.of("http://m2:1"), false));
        leader.put("k", "new");
        leader.put("l", "new");
        leader.apply(InternalRaftRequest.newBuilder()
                .setLeaseGrant(LeaseGrantRequest.newBuilder().setID(5).setTTL(60)));
        leader.apply(InternalRaftRequest.newBuilder()
                .setAlarm(AlarmRequest.newBuilder()
                        .setAction(AlarmRequest.AlarmAction.ACTIVATE)
                        .setMemberID(1)
                        .setAlarm(AlarmType.NOSPACE)));
        member.put("k", "old");
    }

    @AfterEach
    void close() {
        leader.close();
        member.close();
    }

    private Snapshot received() throws IOException {
        Path folder = folders.unfinished();
        Snapshot snapshot = StateCopy.take(leader.database, folder);
        folders.accept(folder, snapshot.term(), snapshot.index());
        return snapshot;
    }

    private WatchHub watches() {
        WatchHub hub = new WatchHub(
                new MvccHistory(member.store), WatchSettings.DEFAULTS, member.clock, new Random(1), () -> {});
        member.observer = hub;
        return hub;
    }

    private SnapshotInstaller installer(WatchHub watches) {
        return new SnapshotInstaller(
                member.database,
                member.consistentIndex,
                folders,
                new SnapshotInstaller.State(
                        member.store,
                        member.leases,
                        member.membership,
                        member.alarms,
                        member.auth,
                        member.following,
                        watches,
                        member.confChanges));
    }

    private static List<String> values(ApplyFixture fixture) {
        return fixture.store.range(RangeQuery.of(KeyRange.ALL)).kvs().stream()
                .map(kv -> kv.getKey().toStringUtf8() + "=" + kv.getValue().toStringUtf8())
                .toList();
    }

    @Test
    void takeTellsWhatTheCopyHolds() {
        Snapshot snapshot = StateCopy.take(leader.database, folders.unfinished());
        assertThat(snapshot.index()).isEqualTo(6);
        assertThat(snapshot.term()).isEqualTo(ApplyFixture.TERM);
        assertThat(snapshot.confState()).isEqualTo(ConfState.ofVoters(List.of(1L, 2L)));
    }

    @Test
    void takeWhenTheStateDoesNotSayWhoItsMembersAreIsAFault() {
        assertThatThrownBy(() -> StateCopy.take(member.database, folders.unfinished()))
                .isInstanceOf(Fault.class);
    }

    @Test
    void installReplacesEverythingThatTheStateHolds() throws IOException {
        Snapshot snapshot = received();
        installer(watches()).install(snapshot);
        assertThat(values(member)).containsExactly("k=new", "l=new");
        assertThat(member.store.currentRevision()).isEqualTo(3);
        assertThat(member.leases.leases()).containsExactly(5L);
        assertThat(member.alarms.isRaised(AlarmType.NOSPACE)).isTrue();
        assertThat(member.membership.members()).extracting(Member::id).containsExactly(1L, 2L);
        assertThat(member.confChanges.confState()).isEqualTo(snapshot.confState());
        assertThat(member.consistentIndex.index()).isEqualTo(6);
        assertThat(member.consistentIndex.term()).isEqualTo(ApplyFixture.TERM);
        assertThat(folders.isEmpty()).isTrue();
    }

    @Test
    void installWhenItWasNeverReceivedIsAFault() {
        Snapshot snapshot = new Snapshot(6, ApplyFixture.TERM, ApplyFixture.ALONE, new byte[0]);
        assertThatThrownBy(() -> installer(watches()).install(snapshot)).isInstanceOf(Fault.class);
        assertThat(values(member)).containsExactly("k=old");
    }

    @Test
    void installWhenTheStateIsOfAnotherIndexIsAFault() throws IOException {
        Path folder = folders.unfinished();
        StateCopy.take(leader.database, folder);
        folders.accept(folder, ApplyFixture.TERM, 99);
        Snapshot lying = new Snapshot(99, ApplyFixture.TERM, ApplyFixture.ALONE, new byte[0]);
        assertThatThrownBy(() -> installer(watches()).install(lying))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("ends at index 6");
    }

    @Test
    void installWhenSomebodyWatchesShowsWhatCameMeanwhile() throws IOException {
        Snapshot snapshot = received();
        WatchHub hub = watches();
        List<String> events = new ArrayList<>();
        WatchStream[] stream = new WatchStream[1];
        stream[0] = hub.open(
                new WatchSink() {

                    @Override
                    public void schedule() {
                        // drained by the test
                    }

                    @Override
                    public boolean isReady() {
                        return true;
                    }

                    @Override
                    public void send(WatchMessage message) {
                        if (message instanceof WatchMessage.Events batch) {
                            batch.events()
                                    .forEach(event ->
                                            events.add(event.getKv().getKey().toStringUtf8() + "@"
                                                    + event.getKv().getModRevision()));
                        }
                    }
                },
                WatchMemory.UNBOUNDED);
        stream[0].create(
                WatchSpec.builder().range(KeyRange.ALL).startRevision(3).build());
        stream[0].drain();
        installer(hub).install(snapshot);
        for (int i = 0; i < 10; i++) {
            hub.doWork();
            stream[0].drain();
        }
        assertThat(events).containsExactly("l@3");
    }

    /** A crash came between noting the snapshot in the log and installing it. */
    @Test
    void recoverBringsTheDatabaseToTheSnapshot() throws IOException {
        Snapshot snapshot = received();
        SnapshotInstaller.recover(member.database, folders, snapshot);
        assertThat(new ConsistentIndex(member.database).index()).isEqualTo(6);
        assertThat(member.database.get(Family.CURRENT, bytes("l").toByteArray()))
                .isNotNull();
    }

    @Test
    void recoverWhenTheDatabaseIsThereAlreadyLeavesItAlone() throws IOException {
        Snapshot snapshot = received();
        for (int i = 0; i < 5; i++) {
            member.put("mine", "v" + i);
        }
        SnapshotInstaller.recover(member.database, folders, snapshot);
        assertThat(new ConsistentIndex(member.database).index()).isEqualTo(6);
        assertThat(member.database.get(Family.CURRENT, bytes("mine").toByteArray()))
                .isNotNull();
    }

    @Test
    void recoverWhenNothingWasReceivedLeavesTheDatabaseAlone() throws IOException {
        Snapshot snapshot = received();
        folders.purge(snapshot.index());
        assertThat(directory.resolve("states")).isEmptyDirectory();
        SnapshotInstaller.recover(member.database, folders, snapshot);
        assertThat(new ConsistentIndex(member.database).index()).isEqualTo(1);
    }
}
