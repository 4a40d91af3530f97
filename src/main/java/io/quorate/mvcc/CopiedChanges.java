package io.quorate.mvcc;

import io.quorate.base.Bytes;
import io.quorate.base.Fault;
import io.quorate.mvcc.MvccStore.LeaseAttachments;
import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import io.quorate.storage.Family;
import io.quorate.storage.WriteSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes as another store made them: revision, creation, version and lease are those of the records, byte for byte. Of one revision, or
 * while a state is loaded of any; the owner has checked that their order is right and that their leases exist. Used by the {@code apply}
 * thread.
 */
public final class CopiedChanges {

    private final WriteBatch batch;
    private final KeyIndex index;
    private final LeaseAttachments leases;
    private final WriteSet set;
    private final List<Event> events = new ArrayList<>(1);
    private long newest;

    CopiedChanges(WriteBatch batch, KeyIndex index, LeaseAttachments leases, WriteSet set) {
        this.batch = batch;
        this.index = index;
        this.leases = leases;
        this.set = set;
    }

    /** A put. A record without a key raises the revision and nothing else. */
    public void put(Revision revision, KeyValue record, byte[] stored) {
        Bytes key = Records.keyOf(record);
        set.put(Family.HISTORY, revision.storageKey(), stored);
        set.put(Family.VERSIONS, VersionKey.of(key, revision), VersionKey.PUT);
        if (!key.isEmpty()) {
            KeyMeta old = index.get(key);
            set.put(Family.CURRENT, key.unwrap(), stored);
            index.put(key, Records.metaOf(record));
            moveLease(key, old, record.getLease());
            batch.pending().add(key, revision.main(), record);
        }
        events.add(Event.newBuilder().setType(Event.EventType.PUT).setKv(record).build());
        newest = Math.max(newest, revision.main());
    }

    /** A deletion; the key need not live. */
    public void delete(Revision revision, Bytes key) {
        byte[] stored =
                KeyValue.newBuilder().setKey(Records.shared(key)).build().toByteArray();
        set.put(Family.HISTORY, revision.tombstoneKey(), stored);
        set.put(Family.VERSIONS, VersionKey.of(key, revision), VersionKey.TOMBSTONE);
        set.delete(Family.CURRENT, key.unwrap());
        moveLease(key, index.remove(key), 0);
        batch.pending().add(key, revision.main(), null);
        events.add(BatchTxn.deletion(key, revision.main()));
        newest = Math.max(newest, revision.main());
    }

    /** Ends the revision, or the part. */
    public void end() {
        Fault.check(!events.isEmpty() || batch.isLoading(), "a revision without a change");
        batch.copied(newest, events);
    }

    private void moveLease(Bytes key, @Nullable KeyMeta old, long to) {
        long from = old == null ? 0 : old.lease();
        if (from != to) {
            if (from != 0) {
                leases.detach(from, key);
            }
            if (to != 0) {
                leases.attach(to, key);
            }
        }
    }
}
