package io.quorate.node;

import io.quorate.base.Buckets;
import io.quorate.base.Meters;
import java.util.function.LongConsumer;

/** Publishes how long the disk of the log takes. */
public final class LogMeters implements LogWriter.Observer {

    private static final Buckets BUCKETS = Buckets.seconds(1_000_000, 14);

    private final LongConsumer write;
    private final LongConsumer fsync;
    private final LongConsumer snapshotFsync;
    private final LongConsumer snapshotSave;

    public LogMeters(Meters meters) {
        write = meters.distribution(
                "etcd_disk_wal_write_duration_seconds", "Time of a write to the log, before its fsync.", BUCKETS);
        fsync = meters.distribution("etcd_disk_wal_fsync_duration_seconds", "Time of an fsync of the log.", BUCKETS);
        snapshotFsync = meters.distribution(
                "etcd_snap_fsync_duration_seconds", "Time of an fsync of a snapshot file.", BUCKETS);
        snapshotSave = meters.distribution(
                "etcd_debugging_snap_save_total_duration_seconds", "Time of saving a snapshot file, in all.", BUCKETS);
    }

    @Override
    public void synced(long writeNanos, long fsyncNanos) {
        write.accept(writeNanos);
        fsync.accept(fsyncNanos);
    }

    @Override
    public void snapshotSaved(long nanos) {
        snapshotFsync.accept(nanos);
        snapshotSave.accept(nanos);
    }
}
