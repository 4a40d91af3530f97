package io.quorate.mvcc;

import com.google.protobuf.ByteString;
import io.quorate.base.Bytes;
import io.quorate.base.Fault;
import io.quorate.base.KeyRange;
import io.quorate.mvcc.KeyIndex.MetaVisitor;
import io.quorate.mvcc.MvccStore.LeaseAttachments;
import io.quorate.mvcc.RangeQuery.RangeResult;
import io.quorate.mvcc.WriteTxn.DeleteResult;
import io.quorate.mvcc.WriteTxn.PutResult;
import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.Reader.Scan;
import io.quorate.storage.WriteSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The transaction of one entry. Writes go to the write set, to the index and to the pending records at once; reads take keys
 * and counts from the index and records from the pending ones, or else from the database, which stands at the revision
 * before the batch.
 *
 * <p>Used by the {@code apply} thread.
 */
final class BatchTxn implements WriteTxn {

    private final WriteBatch batch;
    private final Database database;
    private final KeyIndex index;
    private final LeaseAttachments leases;
    private final WriteSet set;
    private final long base;
    private final List<Event> events = new ArrayList<>(1);
    private boolean over;

    BatchTxn(WriteBatch batch, Database database, KeyIndex index, LeaseAttachments leases, WriteSet set) {
        this.batch = batch;
        this.database = database;
        this.index = index;
        this.leases = leases;
        this.set = set;
        this.base = batch.revision();
    }

    @Override
    public PutResult put(Bytes key, ByteString value, long lease, boolean wantPrevious) {
        checkOpen();
        try {
            KeyValue previous = wantPrevious ? get(key) : null;
            write(key, value, lease);
            return new PutResult(previous);
        } catch (RuntimeException cause) { // whatever it is, a part of the entry may be in the index already
            throw fatal(cause);
        }
    }

    @Override
    public DeleteResult deleteRange(KeyRange range, boolean wantPrevious) {
        checkOpen();
        try {
            List<Bytes> keys = new ArrayList<>();
            KeyIndex.Cursor cursor = index.cursor(range);
            while (cursor.next()) {
                keys.add(cursor.key());
            }
            boolean reads = wantPrevious && !keys.isEmpty();
            List<KeyValue> previous = reads ? range(RangeQuery.of(range)).kvs() : List.of();
            keys.forEach(this::delete);
            return new DeleteResult(keys.size(), previous);
        } catch (RuntimeException cause) { // whatever it is, a part of the entry may be in the index already
            throw fatal(cause);
        }
    }

    @Override
    public RangeResult range(RangeQuery query) {
        checkOpen();
        long now = revision();
        long at = RangePlan.resolve(query.revision(), now, batch.compactedRevision());
        if (at < now) {
            return rangeOfPast(query, at, now);
        }
        long count = index.count(query.range());
        if (query.countOnly() || count == 0) {
            return RangeResults.ofCount(count, now);
        }
        if (query.needsNoValues()) {
            return RangeResults.of(query, new KeySource(query, index), () -> count, now);
        }
        try (RecordSource source = present(query.range(), now)) {
            return RangeResults.of(query, source, () -> count, now);
        }
    }

    @Override
    public @Nullable KeyMeta meta(Bytes key) {
        checkOpen();
        return index.get(key);
    }

    @Override
    public void forEachMeta(KeyRange range, MetaVisitor visitor) {
        checkOpen();
        KeyIndex.Cursor cursor = index.cursor(range);
        while (cursor.next() && visitor.visit(cursor.key(), cursor.meta())) {
            // the visitor does the work
        }
    }

    @Override
    public @Nullable KeyValue get(Bytes key) {
        checkOpen();
        return index.get(key) == null ? null : read(key);
    }

    @Override
    public long revision() {
        return events.isEmpty() ? base : base + 1;
    }

    @Override
    public long compactedRevision() {
        return batch.compactedRevision();
    }

    @Override
    public long end() {
        checkOpen();
        over = true;
        batch.ended(events);
        return batch.revision();
    }

    private void write(Bytes key, ByteString value, long lease) {
        Revision revision = new Revision(base + 1, events.size());
        KeyMeta old = index.touch(key, revision.main(), lease);
        KeyMeta meta = old == null ? KeyMeta.created(revision.main(), lease) : old.touched(revision.main(), lease);
        KeyValue record = Records.of(key, meta, value);
        byte[] stored = record.toByteArray();
        set.put(Family.CURRENT, key.unwrap(), stored);
        set.put(Family.HISTORY, revision.storageKey(), stored);
        set.put(Family.VERSIONS, VersionKey.of(key, revision), VersionKey.PUT);
        batch.pending().add(key, revision.main(), record);
        events.add(Event.newBuilder().setType(Event.EventType.PUT).setKv(record).build());
        moveLease(key, old == null ? 0 : old.lease(), lease);
    }

    private void delete(Bytes key) {
        Revision revision = new Revision(base + 1, events.size());
        KeyMeta old = index.remove(key);
        if (old == null) {
            throw new Fault("key " + key + " to delete is not in the index");
        }
        byte[] stored =
                KeyValue.newBuilder().setKey(Records.shared(key)).build().toByteArray();
        set.delete(Family.CURRENT, key.unwrap());
        set.put(Family.HISTORY, revision.tombstoneKey(), stored);
        set.put(Family.VERSIONS, VersionKey.of(key, revision), VersionKey.TOMBSTONE);
        batch.pending().add(key, revision.main(), null);
        events.add(deletion(key, revision.main()));
        moveLease(key, old.lease(), 0);
    }

    static Event deletion(Bytes key, long revision) {
        KeyValue mark = KeyValue.newBuilder()
                .setKey(Records.shared(key))
                .setModRevision(revision)
                .build();
        return Event.newBuilder().setType(Event.EventType.DELETE).setKv(mark).build();
    }

    private void moveLease(Bytes key, long from, long to) {
        if (from != to) {
            if (from != 0) {
                leases.detach(from, key);
            }
            if (to != 0) {
                leases.attach(to, key);
            }
        }
    }

    private void checkOpen() {
        if (over) {
            throw new Fault("the transaction after revision " + base + " is over");
        }
    }

    /** What goes wrong in a write, after all checks, leaves a part of an entry behind. */
    private Fault fatal(RuntimeException cause) {
        return cause instanceof Fault fault ? fault : new Fault("a write after revision " + base + " failed", cause);
    }

    /** The newest record of a key that the index has. */
    private KeyValue read(Bytes key) {
        KeyValue pending = batch.pending().newest(key, base + 1);
        if (pending != null) {
            return pending;
        }
        return Records.parse(RangePlan.stored(database, key));
    }

    private RecordSource present(KeyRange range, long now) {
        if (range.isSingle()) {
            return new ListSource(List.of(StoredRecord.of(read(range.start()))));
        }
        return batch.pending().over(new CurrentSource(database, range, Scan.SHORT), range, now);
    }

    /** The database knows revisions up to the one before the batch, the pending records those after it. */
    private RangeResult rangeOfPast(RangeQuery query, long at, long now) {
        PastSource stored = new PastSource(database, query.range(), Math.min(at, batch.baseRevision()));
        try (CountingSource source = new CountingSource(batch.pending().over(stored, query.range(), at))) {
            return query.countOnly()
                    ? RangeResults.ofCount(source.countAll(), now)
                    : RangeResults.of(query, source, source::countAll, now);
        }
    }
}
