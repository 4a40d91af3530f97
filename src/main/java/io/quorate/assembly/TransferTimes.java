package io.quorate.assembly;

import io.quorate.base.Buckets;
import io.quorate.base.Meters;
import io.quorate.base.Meters.Distributions;
import io.quorate.base.MonotonicClock;
import io.quorate.node.transport.SnapshotSink;
import io.quorate.node.wal.Disk;
import io.quorate.raft.Message;
import io.quorate.raft.Snapshot;
import io.quorate.server.SnapshotSender;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongConsumer;

/** Publishes how long the copies of states take, and their way from member to member. */
public final class TransferTimes {

    private static final Buckets TRANSFER = Buckets.seconds(100_000_000, 10);

    private final MonotonicClock clock;
    private final LongConsumer copied;
    private final Distributions sent;
    private final Distributions received;
    private final LongConsumer saved;
    private final LongConsumer synced;

    public TransferTimes(Meters meters, MonotonicClock clock) {
        this.clock = clock;
        copied = meters.distribution(
                "etcd_disk_backend_snapshot_duration_seconds",
                "Time of a copy of the whole store.",
                Buckets.seconds(10_000_000, 17));
        sent = meters.distributions(
                "etcd_network_snapshot_send_total_duration_seconds", "Time of sending the state, in all.", TRANSFER);
        received = meters.distributions(
                "etcd_network_snapshot_receive_total_duration_seconds", "Time of receiving a state, in all.", TRANSFER);
        saved = meters.distribution(
                "etcd_snap_db_save_total_duration_seconds", "Time of receiving and saving a store, in all.", TRANSFER);
        synced = meters.distribution(
                "etcd_snap_db_fsync_duration_seconds",
                "Time of an fsync of a file of a received store.",
                Buckets.seconds(1_000_000, 14));
    }

    /** Counts a copy of the whole store that went to a client. */
    public void copied(long nanos) {
        copied.accept(nanos);
    }

    /** Measures what writes a copy of the state. */
    public Function<Path, Snapshot> copying(Function<Path, Snapshot> copier) {
        return folder -> {
            long started = clock.nanos();
            Snapshot copy = copier.apply(folder);
            copied.accept(clock.nanos() - started);
            return copy;
        };
    }

    /** Measures what brings a copy to another member. */
    public SnapshotSender.Shipper shipping(SnapshotSender.Shipper shipper) {
        return (announcement, files) -> {
            long started = clock.nanos();
            return shipper.ship(announcement, files)
                    .thenAccept(done ->
                            sent.at("To", Long.toHexString(announcement.to())).accept(clock.nanos() - started));
        };
    }

    /** Measures what takes in a copy. */
    public SnapshotSink receiving(SnapshotSink receiver) {
        return new Receiving(receiver, new ConcurrentHashMap<>());
    }

    /** Also counts the time in which a transfer waited for another connection. */
    private final class Receiving implements SnapshotSink {

        private final SnapshotSink receiver;
        private final Map<Path, Long> begun;

        Receiving(SnapshotSink receiver, Map<Path, Long> begun) {
            this.receiver = receiver;
            this.begun = begun;
        }

        @Override
        public Disk disk() {
            return receiver.disk();
        }

        @Override
        public Path newFolder() {
            Path folder = receiver.newFolder();
            begun.put(folder, clock.nanos());
            return folder;
        }

        @Override
        public void arrived(Message announcement, Path folder) throws IOException {
            receiver.arrived(announcement, folder);
            Long started = begun.remove(folder);
            if (started != null) {
                long nanos = clock.nanos() - started;
                saved.accept(nanos);
                received.at("From", Long.toHexString(announcement.from())).accept(nanos);
            }
        }

        @Override
        public void synced(long nanos) {
            synced.accept(nanos);
        }

        @Override
        public void discard(Path folder) {
            begun.remove(folder);
            receiver.discard(folder);
        }
    }
}
