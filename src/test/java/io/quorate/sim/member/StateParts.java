package io.quorate.sim.member;

import io.quorate.alarm.Alarms;
import io.quorate.apply.ApplyAll;
import io.quorate.apply.BackendApplier;
import io.quorate.apply.ConfChangeApplier;
import io.quorate.apply.ConsistentIndex;
import io.quorate.apply.EntryApplier;
import io.quorate.apply.Headers;
import io.quorate.apply.KvCounters;
import io.quorate.apply.SkippedEntries;
import io.quorate.apply.SnapshotInstaller;
import io.quorate.apply.StoredConfState;
import io.quorate.lease.LeaseDuties;
import io.quorate.lease.LeaseManager;
import io.quorate.lease.LeaseSettings;
import io.quorate.membership.Membership;
import io.quorate.mvcc.MvccOptions;
import io.quorate.mvcc.MvccStore;
import io.quorate.node.Bootstrap;
import io.quorate.node.snapshot.StateFolders;
import io.quorate.storage.Cursor;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.watch.MvccHistory;
import io.quorate.watch.WatchHub;
import io.quorate.watch.WatchSettings;
import io.quorate.wiring.StoredMetadata;
import java.nio.ByteBuffer;

/** The state machine of a member: everything that a snapshot replaces. */
final class StateParts {

    final Database database;
    final MvccStore store;
    final LeaseManager leases;
    final WatchHub watches;
    final Membership membership;
    private final long id;
    private final StoredMetadata metadata;
    private final Alarms alarms;
    private final ConsistentIndex index;

    /** Reads what the database holds. */
    StateParts(Database database, LeaseDuties duties, MemberParts.Surroundings around) {
        this.database = database;
        id = around.id();
        metadata = StoredMetadata.on(database);
        LeaseSettings settings = LeaseSettings.forElectionTimeout(MemberParts.ELECTION);
        leases = new LeaseManager(metadata.leases(), settings, duties, around.clock());
        leases.restore();
        store = new MvccStore(database, leases, MvccOptions.DEFAULT, around.clock());
        watches = new WatchHub(
                new MvccHistory(store),
                WatchSettings.DEFAULTS.withBufferMessages(4),
                around.clock(),
                around.random(),
                () -> {});
        store.setObserver((revision, events) -> {
            around.checks().publishing(around.id(), revision, isWritten(revision));
            watches.committed(revision, events);
        });
        membership = metadata.membership(MemberParts.CLUSTER, id);
        alarms = new Alarms(metadata.alarms());
        index = new ConsistentIndex(database);
    }

    /** Whether a crash now would leave the revision in the database, if that loses nothing. */
    private boolean isWritten(long revision) {
        try (Cursor cursor = database.cursor(Family.HISTORY, key(revision), key(revision + 1))) {
            return cursor.isValid();
        }
    }

    private static byte[] key(long revision) {
        return ByteBuffer.allocate(Long.BYTES).putLong(revision).array();
    }

    ConfChangeApplier confChanges(Bootstrap.Start start, ConfChangeApplier.Listener node) {
        return new ConfChangeApplier(
                membership, node, start.core().status().confState(), StoredConfState.load(database) == null);
    }

    ApplyAll applyAll(ConfChangeApplier confChanges, ApplyAll.Listeners listeners) {
        BackendApplier backend = new BackendApplier(
                new Headers(MemberParts.CLUSTER, id), leases, store.compaction(), membership, alarms, new KvCounters());
        return new ApplyAll(
                database,
                metadata.scope(),
                store,
                index,
                new EntryApplier(backend, SkippedEntries.NONE),
                confChanges,
                listeners);
    }

    SnapshotInstaller installer(StateFolders folders, ConfChangeApplier confChanges) {
        return new SnapshotInstaller(
                database,
                index,
                folders,
                new SnapshotInstaller.State(store, leases, membership, alarms, watches, confChanges));
    }

    /** Whether this member belongs to the cluster, as far as it knows, and serves clients. */
    boolean servesClients() {
        var self = membership.member(id);
        return self != null && !self.isLearner();
    }

    /** Whether this member is in touch with another: a new one, which is not in its own list yet, with all. */
    boolean isPeer(long other) {
        return membership.member(other) != null || (membership.member(id) == null && !membership.isRemoved(other));
    }

    boolean isRemoved() {
        return membership.isRemoved(id);
    }
}
