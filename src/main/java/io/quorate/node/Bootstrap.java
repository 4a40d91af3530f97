package io.quorate.node;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.base.Fault;
import io.quorate.node.snapshot.SnapshotFiles;
import io.quorate.node.wal.Incarnation;
import io.quorate.node.wal.Wal;
import io.quorate.node.wal.WalSettings;
import io.quorate.node.wal.WalSnapshot;
import io.quorate.proto.Metadata;
import io.quorate.raft.ConfState;
import io.quorate.raft.HardState;
import io.quorate.raft.Peer;
import io.quorate.raft.RaftConfig;
import io.quorate.raft.RawNode;
import io.quorate.raft.Snapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

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
     * @param incarnation drawn when the log was created; 0 in a log of an earlier version
     * @param isNew whether the log is empty, so that it does not say what this member may have promised before
     */
    public record Start(
            RawNode core,
            RaftStorage storage,
            Wal wal,
            SnapshotFiles snapshots,
            HardState hardState,
            Snapshot snapshot,
            long incarnation,
            boolean isNew) {}

    private static final long NOT_ALONE = -1;

    private final Path walDirectory;
    private final SnapshotFiles snapshots;
    private final WalSettings walOptions;
    private final Metadata identity;
    private final List<Peer> peers;
    private final LongSupplier incarnations;

    /**
     * @param identity member and cluster id that the settings lead to
     * @param peers the members of a new cluster, with what the log says about each
     */
    public Bootstrap(
            Path walDirectory, SnapshotFiles snapshots, WalSettings walOptions, Metadata identity, List<Peer> peers) {
        this(walDirectory, snapshots, walOptions, identity, peers, Incarnation::draw);
    }

    /** @param incarnations gives a number that no log had before; never 0 */
    public Bootstrap(
            Path walDirectory,
            SnapshotFiles snapshots,
            WalSettings walOptions,
            Metadata identity,
            List<Peer> peers,
            LongSupplier incarnations) {
        this.incarnations = incarnations;
        this.walDirectory = walDirectory;
        this.snapshots = snapshots;
        this.walOptions = walOptions;
        this.identity = identity;
        this.peers = List.copyOf(peers);
    }

    /**
     * Whether the directory holds a log that says anything, so that founding members do not count any more. A log whose first
     * write never became durable does not.
     */
    public static boolean isRestart(Path walDirectory) {
        return Wal.exists(walDirectory) && Wal.isWritten(walDirectory, WalSettings.DEFAULT);
    }

    /**
     * Whose log it is.
     *
     * @throws Fault if it does not say
     */
    public static Metadata identityIn(Path walDirectory, WalSettings options) {
        return parse(walDirectory, Wal.metadata(walDirectory, options));
    }

    /**
     * Opens or creates the log and builds the core on it. Without founding members a new one waits for a leader of the
     * cluster it joins.
     *
     * @param stored the configuration that the state machine on disk has reached; null for that of the snapshot
     * @throws ForeignLogException if the log is another member's
     */
    public Start start(RaftConfig config, @Nullable ConfState stored) {
        discardOfOtherSettings();
        return Wal.exists(walDirectory, walOptions) ? restart(config, stored, NOT_ALONE) : create(config);
    }

    /** A log that was created by other settings, or by a version without incarnations, and never written to, holds no promise. */
    private void discardOfOtherSettings() {
        if (!Wal.exists(walDirectory, walOptions) || Wal.isWritten(walDirectory, walOptions)) {
            return;
        }
        Metadata found = identityIn(walDirectory, walOptions);
        if (found.getIncarnation() == 0 || !isSameMember(found, identity)) {
            Wal.discardUnwritten(walDirectory, walOptions);
        }
    }

    /**
     * Opens the log and continues as a cluster of this member alone: all that the log holds counts as committed, and so do
     * entries that remove all others. For when a majority is lost for good; must never be used while
     * another member still runs.
     *
     * @param applied the index that the state machine on disk has reached; committed, even if the log does not say so
     */
    public Start startAlone(RaftConfig config, @Nullable ConfState stored, long applied) {
        return restart(config, stored, applied);
    }

    /**
     * Makes the log one that the state of a leader can follow, for a member whose own state is lost. A log that reaches as
     * far as the state stays as it is, with all that this member has promised to keep; one that ends before it begins at the
     * state from now on, as when the leader's snapshot had come through consensus (thesis, chapter 5). Term and vote stay.
     * Durable on return; before {@link #start}.
     *
     * @return false if neither is so: the log was cut above the state, or holds another entry at its index; a later
     *     state will do
     */
    public boolean accept(Snapshot state) {
        Snapshot newest =
                snapshots.loadNewest(Wal.snapshots(walDirectory, walOptions)).orElse(Snapshot.EMPTY);
        WalSnapshot from = new WalSnapshot(newest.index(), newest.term(), newest.confState());
        Wal.Recovery recovery = Wal.open(walDirectory, from, walOptions);
        checkIdentity(recovery.metadata());
        try (Wal wal = recovery.wal()) {
            long last = newest.index() + recovery.entries().size();
            if (state.index() > last) {
                snapshots.save(state);
                wal.appendSnapshot(new WalSnapshot(state.index(), state.term(), state.confState()));
                wal.append(committed(recovery.hardState(), state), List.of());
                wal.sync();
                return true;
            }
            long behind = state.index() - newest.index();
            return behind == 0
                    || (behind > 0 && recovery.entries().get((int) behind - 1).term() == state.term());
        }
    }

    /** A vote only counts in its own term. */
    private static HardState committed(HardState found, Snapshot state) {
        return state.term() > found.term()
                ? new HardState(state.term(), 0, state.index())
                : new HardState(found.term(), found.vote(), state.index());
    }

    private Start create(RaftConfig config) {
        Metadata named =
                identity.toBuilder().setIncarnation(incarnations.getAsLong()).build();
        Wal wal = Wal.create(walDirectory, named.toByteArray(), walOptions);
        RaftStorage storage = new RaftStorage(Snapshot.EMPTY, HardState.EMPTY, List.of());
        RawNode core = new RawNode(config, storage);
        if (!peers.isEmpty()) {
            core.bootstrap(peers);
        }
        log.info("new member {} of cluster {}", hex(identity.getNodeID()), hex(identity.getClusterID()));
        return new Start(core, storage, wal, snapshots, HardState.EMPTY, Snapshot.EMPTY, named.getIncarnation(), true);
    }

    private Start restart(RaftConfig config, @Nullable ConfState stored, long aloneFrom) {
        Optional<Snapshot> newest = snapshots.loadNewest(Wal.snapshots(walDirectory, walOptions));
        Snapshot snapshot = newest.orElse(Snapshot.EMPTY);
        WalSnapshot from = new WalSnapshot(snapshot.index(), snapshot.term(), snapshot.confState());
        Wal.Recovery recovery = Wal.open(walDirectory, from, walOptions);
        checkIdentity(recovery.metadata());
        ConfState confState = stored == null ? snapshot.confState() : stored;
        LoneLog kept = new LoneLog(recovery.hardState(), recovery.entries(), List.of());
        if (aloneFrom != NOT_ALONE) {
            HardState found = recovery.hardState();
            long commit = Math.max(Math.max(found.commit(), snapshot.index()), aloneFrom);
            HardState committed = new HardState(found.term(), found.vote(), commit);
            kept = LoneLog.of(committed, recovery.entries(), confState, identity.getNodeID());
            recovery.wal().append(kept.hardState(), kept.appended());
            recovery.wal().sync();
        }
        RaftStorage storage = new RaftStorage(snapshot, kept.hardState(), kept.entries(), confState);
        log.info(
                "member {} restarts from snapshot index {} with {} log entries, term {} commit {}",
                hex(identity.getNodeID()),
                snapshot.index(),
                kept.entries().size(),
                kept.hardState().term(),
                kept.hardState().commit());
        RawNode core = new RawNode(config, storage);
        boolean isNew = isUnwritten(storage, kept.hardState());
        if (!peers.isEmpty() && isNew) {
            // The first start was cut off before its first fsync, so it promised nothing to anybody.
            core.bootstrap(peers);
        }
        long incarnation = parse(walDirectory, recovery.metadata()).getIncarnation();
        return new Start(core, storage, recovery.wal(), snapshots, kept.hardState(), snapshot, incarnation, isNew);
    }

    private static boolean isUnwritten(RaftStorage storage, HardState hardState) {
        return storage.lastIndex() == 0 && hardState.isEmpty();
    }

    private void checkIdentity(byte[] metadata) {
        Metadata found = parse(walDirectory, metadata);
        if (!isSameMember(found, identity)) {
            throw new ForeignLogException(walDirectory, describe(identity), describe(found));
        }
    }

    private static boolean isSameMember(Metadata one, Metadata other) {
        return one.getNodeID() == other.getNodeID() && one.getClusterID() == other.getClusterID();
    }

    private static Metadata parse(Path walDirectory, byte[] metadata) {
        try {
            return Metadata.parseFrom(metadata);
        } catch (InvalidProtocolBufferException e) {
            throw new Fault("the log in " + walDirectory + " does not say whose it is", e);
        }
    }

    private static String describe(Metadata whose) {
        return "member " + hex(whose.getNodeID()) + " of cluster " + hex(whose.getClusterID());
    }

    private static String hex(long id) {
        return Long.toHexString(id);
    }

    /** The log in the data directory belongs to another member or another cluster than the settings describe. */
    public static final class ForeignLogException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public ForeignLogException(Path directory, String expected, String found) {
            super("the log in " + directory + " belongs to " + found + ", but the settings describe " + expected
                    + "; use another data directory, or the settings this one was made with");
        }
    }
}
