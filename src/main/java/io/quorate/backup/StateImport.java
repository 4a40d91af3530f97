package io.quorate.backup;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.alarm.Alarm;
import io.quorate.alarm.AlarmCodec;
import io.quorate.bbolt.BboltException;
import io.quorate.bbolt.BboltFile;
import io.quorate.bbolt.BucketRecords;
import io.quorate.mvcc.CompactionMarkers;
import io.quorate.mvcc.ImportedHistory;
import io.quorate.proto.AlarmMember;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.TableLoad;
import io.quorate.storage.WriteSet;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fills an empty database from a file of etcd: history, leases, users, roles, alarms, and how far compaction has come. The members and
 * the position in their log are not taken over; a {@link RestoredCluster} writes them. Used by one thread.
 */
public final class StateImport {

    private final BboltFile file;
    private final Database database;

    /** @param database empty */
    public StateImport(BboltFile file, Database database) {
        this.file = file;
        this.database = database;
    }

    /** What happens with one record. */
    private interface RecordConsumer {
        void accept(byte[] key, byte[] value);
    }

    /**
     * Writes all records; durable after the next flush.
     *
     * @param bump what is added to the newest revision, so that clients never see a revision twice; 0 for nothing
     * @param markCompacted whether all revisions up to the newest count as compacted, so that no watch goes on from them
     * @return the newest revision
     * @throws BboltException if the file is damaged
     * @throws SnapshotException if a record is not what etcd writes
     */
    public long run(long bump, boolean markCompacted) {
        try (ImportWrites writes = new ImportWrites(database)) {
            long newest = history(writes, bump);
            same(writes, BucketNames.LEASE, Family.LEASE);
            same(writes, BucketNames.AUTH, Family.AUTH);
            same(writes, BucketNames.USERS, Family.USER);
            same(writes, BucketNames.ROLES, Family.ROLE);
            alarms(writes.set());
            markers(writes.set(), markCompacted ? newest : null);
            writes.finish();
            return newest;
        }
    }

    private long history(ImportWrites writes, long bump) {
        try (TableLoad load = database.load(Family.HISTORY);
                BucketRecords records = file.records(BucketNames.KEY)) {
            ImportedHistory history = new ImportedHistory(load);
            while (records.next()) {
                add(history, writes.set(), records.key(), records.value());
                writes.goOn();
            }
            raise(history, writes.set(), bump);
            load.finish();
            return Math.max(1, history.newestRevision());
        }
    }

    /**
     * Adds to the newest revision, if anything is to be added.
     *
     * @throws SnapshotException if there is no such revision
     */
    public static void raise(ImportedHistory history, WriteSet set, long bump) {
        if (bump > Long.MAX_VALUE / 2 - history.newestRevision()) {
            throw new SnapshotException("revision " + history.newestRevision() + " cannot be raised by " + bump
                    + ": no room would be left for others");
        }
        if (bump > 0) {
            history.raise(set, bump);
        }
    }

    private static void add(ImportedHistory history, WriteSet set, byte[] key, byte[] value) {
        try {
            history.add(set, key, value);
        } catch (IllegalArgumentException e) {
            throw new SnapshotException(
                    "record " + (history.records() + 1) + " of the bucket key cannot be read: " + e.getMessage(), e);
        }
    }

    private void same(ImportWrites writes, String bucket, Family family) {
        read(bucket, (key, value) -> {
            writes.set().put(family, key, value);
            writes.goOn();
        });
    }

    private void alarms(WriteSet set) {
        AlarmCodec codec = new AlarmCodec();
        read(BucketNames.ALARM, (key, value) -> {
            try {
                AlarmMember stored = AlarmMember.parseFrom(key);
                Alarm alarm = new Alarm(new Alarm.AlarmId(stored.getMemberID(), stored.getAlarmValue()));
                set.put(codec.family(), codec.encodeId(alarm.id()), codec.encode(alarm));
            } catch (InvalidProtocolBufferException e) {
                throw new SnapshotException("a record of the bucket alarm cannot be read", e);
            }
        });
    }

    /** Compaction up to the newest revision is only asked for; the first start carries it out. */
    private void markers(WriteSet set, @Nullable Long scheduled) {
        Map<String, byte[]> meta = new HashMap<>();
        read(BucketNames.META, (key, value) -> meta.put(new String(key, StandardCharsets.UTF_8), value));
        CompactionMarkers.save(set, name -> meta.get(new String(name, StandardCharsets.UTF_8)));
        if (scheduled != null) {
            CompactionMarkers.schedule(set, scheduled);
        }
    }

    private void read(String bucket, RecordConsumer consumer) {
        try (BucketRecords records = file.records(bucket)) {
            while (records.next()) {
                consumer.accept(records.key(), records.value());
            }
        }
    }
}
