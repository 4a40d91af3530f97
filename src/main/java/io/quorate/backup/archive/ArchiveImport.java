package io.quorate.backup.archive;

import io.quorate.backup.ImportWrites;
import io.quorate.backup.SnapshotException;
import io.quorate.backup.StateImport;
import io.quorate.backup.archive.ArchiveName.Historic;
import io.quorate.backup.archive.ArchiveName.Segment;
import io.quorate.backup.archive.ArchiveName.State;
import io.quorate.backup.store.BackupStore;
import io.quorate.lease.LeaseCodec;
import io.quorate.lease.LeaseRecord;
import io.quorate.mvcc.CompactionMarkers;
import io.quorate.mvcc.ImportedHistory;
import io.quorate.mvcc.StoredHistory;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.TableLoad;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Fills an empty database from a plan. What it writes is that of the moment; members and the position in their log are not taken over.
 * Leases are those known before the moment and those known behind it, so that each key finds its lease; they begin anew with their full
 * time. Used by one thread.
 */
public final class ArchiveImport {

    private static final long MISSING_LEASE_SECONDS = 60;

    private final BackupStore store;
    private final Seal seal;
    private final Database database;
    private final List<Witness> witnesses = new ArrayList<>();
    private byte[] previous = {};
    private StoredHistory.Tip tip = new StoredHistory.Tip();
    private long compacted = -1;
    private long oldest = -1;

    /** @param database empty */
    public ArchiveImport(BackupStore store, Seal seal, Database database) {
        this.store = store;
        this.seal = seal;
        this.database = database;
    }

    /**
     * What was restored.
     *
     * @param revision the newest one
     * @param compacted the compacted revision of the moment; -1 for none
     * @param witnesses hashes of members that this history must come to
     */
    public record Restored(long revision, long compacted, List<Witness> witnesses) {

        public Restored {
            witnesses = List.copyOf(witnesses);
        }
    }

    /**
     * Reads all objects of the plan, and checks each; durable after the next flush.
     *
     * @param bump what is added to the newest revision; 0 for nothing
     * @param markCompacted whether all revisions shall count as compacted, so that no watch goes on from them
     * @throws SnapshotException if an object is missing, damaged, sealed with another key, or not what its name says
     * @throws IOException if the store does not answer
     */
    public Restored run(RestorePlan plan, long bump, boolean markCompacted) throws IOException {
        try (ImportWrites writes = new ImportWrites(database)) {
            long newest = Math.max(plan.revision(), historyOf(plan, bump, writes));
            if (plan.nextState() != null) {
                stateOf(plan.nextState(), true, writes);
            }
            if (plan.state() != null) {
                stateOf(plan.state(), false, writes);
            }
            grantMissingLeases(writes);
            long marked = markCompacted ? newest : compacted;
            if (marked >= 0) {
                CompactionMarkers.schedule(writes.set(), marked);
            }
            writes.finish();
            return new Restored(newest, marked, witnesses);
        }
    }

    private long historyOf(RestorePlan plan, long bump, ImportWrites writes) throws IOException {
        try (TableLoad load = database.load(Family.HISTORY)) {
            ImportedHistory history = new ImportedHistory(load);
            historyOf(plan.full(), 0, plan.revision(), history, writes);
            for (Segment segment : plan.segments()) {
                historyOf(segment, segment.begin().revision(), plan.revision(), history, writes);
            }
            StateImport.raise(history, writes.set(), bump);
            load.finish();
            return history.newestRevision();
        }
    }

    private void historyOf(Historic name, long from, long upTo, ImportedHistory history, ImportWrites writes)
            throws IOException {
        long end = name.end().revision();
        tip = new StoredHistory.Tip();
        long[] tipRevision = {0};
        Ending ending = RecordInput.read(store, name, seal, (kind, key, value) -> {
            long revision = check(name, kind, key, from, end);
            if (revision != tipRevision[0]) {
                tip = new StoredHistory.Tip();
                tipRevision[0] = revision;
            }
            tip.add(key, value);
            if (revision <= upTo) {
                add(name, history, writes, key, value);
            }
        });
        boolean atEnd = tipRevision[0] == end;
        boolean standsStill = name instanceof Segment segment && segment.begin().equals(name.end());
        StoredHistory.Tip last = atEnd ? tip : new StoredHistory.Tip();
        if (standsStill ? tipRevision[0] != 0 : last.value() != name.end().tip()) {
            throw new SnapshotException(name.text() + " does not end with the changes that its name says");
        }
        if (end <= upTo || name instanceof ArchiveName.Full) {
            compacted = Math.max(compacted, ending.compacted());
        }
        if (name instanceof ArchiveName.Full full) {
            oldest = full.compacted();
        }
        Witness witness = ending.witness();
        // One for an earlier compaction counts records that the full backup has not any more.
        if (witness.isPresent() && witness.revision() <= upTo && witness.compacted() >= oldest) {
            witnesses.add(witness);
        }
    }

    /** Records come in the order of revisions, all of them between the points of the object. */
    private long check(Historic name, byte kind, byte[] key, long from, long end) {
        if (kind != StateRecords.HISTORY) {
            throw new SnapshotException(name.text() + " has a record of kind " + kind + " among those of history");
        }
        long revision = StoredHistory.revisionOf(checked(name, key));
        if (revision <= from || revision > end || Arrays.compareUnsigned(previous, key) >= 0) {
            throw new SnapshotException(name.text() + " has a record of revision " + revision + " out of order");
        }
        previous = key;
        return revision;
    }

    private static byte[] checked(Historic name, byte[] key) {
        if (!StoredHistory.isStorageKey(key)) {
            throw new SnapshotException(name.text() + " has a record that is under no revision");
        }
        return key;
    }

    private void add(Historic name, ImportedHistory history, ImportWrites writes, byte[] key, byte[] value) {
        try {
            history.add(writes.set(), key, value);
        } catch (IllegalArgumentException e) {
            throw new SnapshotException(name.text() + " has a record that cannot be read: " + e.getMessage(), e);
        }
        writes.goOn();
    }

    private void stateOf(State name, boolean leasesOnly, ImportWrites writes) throws IOException {
        StateRecords.Digest digest = new StateRecords.Digest();
        Ending unused = RecordInput.read(store, name, seal, (kind, key, value) -> {
            Family family = StateRecords.family(kind);
            if (family == null) {
                throw new SnapshotException(name.text() + " has a record of unknown kind " + kind);
            }
            digest.add(kind, key, value);
            boolean members = family == Family.MEMBER || family == Family.REMOVED_MEMBER;
            if (!members && (!leasesOnly || family == Family.LEASE)) {
                writes.set().put(family, key, value);
                writes.goOn();
            }
        });
        if (digest.value() != name.digest()) {
            throw new SnapshotException(name.text() + " does not have the records that its name says");
        }
    }

    /**
     * A lease that was granted and gone between two states of the store is in neither, and yet a key of the moment may hang on it. It gets
     * a lease that runs out soon, as it did.
     */
    private void grantMissingLeases(ImportWrites writes) {
        writes.finish();
        LeaseCodec codec = new LeaseCodec();
        StoredHistory.leasesInUse(database, lease -> {
            byte[] id = codec.encodeId(lease);
            if (database.get(Family.LEASE, id) == null) {
                writes.set().put(Family.LEASE, id, codec.encode(new LeaseRecord(lease, MISSING_LEASE_SECONDS, 0)));
                writes.goOn();
            }
        });
    }
}
