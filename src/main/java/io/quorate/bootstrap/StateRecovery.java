package io.quorate.bootstrap;

import io.quorate.apply.ConsistentIndex;
import io.quorate.apply.SnapshotInstaller;
import io.quorate.apply.StoredConfState;
import io.quorate.bootstrap.IdentityFinder.MemberIdentity;
import io.quorate.config.ClusterSettings;
import io.quorate.config.MemberSettings;
import io.quorate.config.RaftSettings;
import io.quorate.node.Bootstrap;
import io.quorate.node.MemberRaftConfig;
import io.quorate.node.snapshot.SnapshotDirectories;
import io.quorate.node.snapshot.SnapshotFiles;
import io.quorate.node.wal.Wal;
import io.quorate.node.wal.WalSettings;
import io.quorate.raft.ConfState;
import io.quorate.raft.RaftConfig;
import io.quorate.repair.StateRebuild;
import io.quorate.storage.Database;
import java.nio.file.Path;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;

/**
 * Opens the log of a member and brings its database to where the log begins: by a snapshot that arrived before the last end, or
 * by the leader's state if its own is lost. Runs before anybody reads the state.
 */
@Slf4j
@RequiredArgsConstructor
public final class StateRecovery {

    private final MemberSettings member;
    private final RaftSettings raft;
    private final MemberIdentity identity;
    private final SnapshotDirectories folders;
    private final StateRebuild rebuild;

    /**
     * Recovers the database and reads the log.
     *
     * @param cluster tells whether the member goes on alone
     * @return what the log holds
     */
    public Bootstrap.Start run(Database database, ClusterSettings cluster) {
        WalSettings wal = WalSettings.DEFAULT.withFsync(!member.unsafeNoFsync());
        Path directory = member.walDirectory();
        SnapshotFiles snapshots =
                new SnapshotFiles(member.dataDirectory().resolve("member").resolve("snap"), wal.disk());
        Bootstrap bootstrap = new Bootstrap(directory, snapshots, wal, identity.identity(), identity.founders());
        rebuild.run(bootstrap, database);
        if (!folders.isEmpty() && Bootstrap.isRestart(directory)) {
            snapshots
                    .loadNewest(Wal.snapshots(directory))
                    .ifPresent(newest -> SnapshotInstaller.recover(database, folders, newest));
            folders.purge(new ConsistentIndex(database).index());
        }
        ConfState stored = StoredConfState.load(database);
        long applied = new ConsistentIndex(database).index();
        RaftConfig config =
                MemberRaftConfig.config(identity.identity().getNodeID(), raft.electionTicks(), raft.preVote());
        Bootstrap.Start start = cluster.forceNewCluster() && Bootstrap.isRestart(directory)
                ? bootstrap.startAlone(config, stored, applied)
                : bootstrap.start(config, stored);
        if (!start.isNew()) {
            log.info(
                    "the state is that at index {}; {} committed entries of the log are applied again",
                    applied,
                    Math.max(0, start.hardState().commit() - applied));
        }
        return start;
    }
}
