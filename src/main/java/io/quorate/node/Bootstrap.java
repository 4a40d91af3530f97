package io.quorate.node;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.base.Fault;
import io.quorate.node.snapshot.SnapshotFiles;
import io.quorate.node.wal.Wal;
import io.quorate.node.wal.WalOptions;
import io.quorate.node.wal.WalSnapshot;
import io.quorate.proto.Metadata;
import io.quorate.raft.HardState;
import io.quorate.raft.Peer;
import io.quorate.raft.RaftConfig;
import io.quorate.raft.RawNode;
import io.quorate.raft.Snapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import lombok.extern.slf4j.Slf4j;

/** Starts a member: from nothing, or from what its log and newest snapshot say. */
@Slf4j
public final class Bootstrap {

    /**
     * What a member starts with.
     *
     * @param core the consensus core, not yet stepped
     * @param storage the durable log in memory
     * @param wal the log on disk, ready to append
     * @param hardState term, vote and commit as recovered
     * @param snapshot what the log starts from
     */
    public record Start(
            RawNode core,
            RaftStorage storage,
            Wal wal,
            SnapshotFiles snapshots,
            HardState hardState,
            Snapshot snapshot) {}

    private final Path walDirectory;
    private final SnapshotFiles snapshots;
    private final WalOptions walOptions;
    private final Metadata identity;
    private final List<Peer> peers;

    /**
     * @param identity member and cluster id that the settings lead to
     * @param peers the members of a new cluster, with what the log says about each
     */
    public Bootstrap(
            Path walDirectory, SnapshotFiles snapshots, WalOptions walOptions, Metadata identity, List<Peer> peers) {
        this.walDirectory = walDirectory;
        this.snapshots = snapshots;
        this.walOptions = walOptions;
        this.identity = identity;
        this.peers = List.copyOf(peers);
    }

    /**
     * Opens or creates the log and builds the core on it.
     *
     * @throws ForeignLogException if the log is another member's
     */
    public Start start(RaftConfig config) {
        return Wal.exists(walDirectory, walOptions) ? restart(config) : create(config);
    }

    private Start create(RaftConfig config) {
        Wal wal = Wal.create(walDirectory, identity.toByteArray(), walOptions);
        RaftStorage storage = new RaftStorage(Snapshot.EMPTY, HardState.EMPTY, List.of());
        RawNode core = new RawNode(config, storage);
        core.bootstrap(peers);
        log.info("new member {} of cluster {}", hex(identity.getNodeID()), hex(identity.getClusterID()));
        return new Start(core, storage, wal, snapshots, HardState.EMPTY, Snapshot.EMPTY);
    }

    private Start restart(RaftConfig config) {
        Optional<Snapshot> newest = snapshots.loadNewest(Wal.snapshots(walDirectory, walOptions));
        Snapshot snapshot = newest.orElse(Snapshot.EMPTY);
        WalSnapshot from = new WalSnapshot(snapshot.index(), snapshot.term(), snapshot.confState());
        Wal.Recovery recovery = Wal.open(walDirectory, from, walOptions);
        checkIdentity(recovery.metadata());
        RaftStorage storage = new RaftStorage(snapshot, recovery.hardState(), recovery.entries());
        log.info(
                "member {} restarts from snapshot index {} with {} log entries, term {} commit {}",
                hex(identity.getNodeID()),
                snapshot.index(),
                recovery.entries().size(),
                recovery.hardState().term(),
                recovery.hardState().commit());
        RawNode core = new RawNode(config, storage);
        if (!peers.isEmpty() && isUnwritten(storage, recovery.hardState())) {
            // The first start was cut off before its first fsync, so it promised nothing to anybody.
            core.bootstrap(peers);
        }
        return new Start(core, storage, recovery.wal(), snapshots, recovery.hardState(), snapshot);
    }

    private static boolean isUnwritten(RaftStorage storage, HardState hardState) {
        return storage.lastIndex() == 0 && hardState.isEmpty();
    }

    private void checkIdentity(byte[] metadata) {
        Metadata found;
        try {
            found = Metadata.parseFrom(metadata);
        } catch (InvalidProtocolBufferException e) {
            throw new Fault("the log in " + walDirectory + " does not say whose it is", e);
        }
        if (!found.equals(identity)) {
            throw new ForeignLogException(walDirectory, describe(identity), describe(found));
        }
    }

    private static String describe(Metadata whose) {
        return "member " + hex(whose.getNodeID()) + " of cluster " + hex(whose.getClusterID());
    }

    private static String hex(long id) {
        return Long.toHexString(id);
    }
}
