package io.quorate.tool;

import io.quorate.backup.BucketNames;
import io.quorate.backup.FileHashKv;
import io.quorate.backup.SnapshotFile;
import io.quorate.base.Bytes;
import io.quorate.bbolt.BucketRecords;
import io.quorate.mvcc.ImportedHistory;
import io.quorate.mvcc.Revision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings the cluster to the state of a snapshot, whatever it has of the source already. What comes behind its position is sent in order.
 * Where the source compacted beyond that, keys may have been deleted without a trace: those that live here and not there are sent as
 * gone. Used by one thread.
 */
final class SnapshotLoading {

    private final SnapshotFile snapshot;
    private final FollowingCluster target;
    private final long compacted;

    SnapshotLoading(SnapshotFile snapshot, FollowingCluster target) {
        this.snapshot = snapshot;
        this.target = target;
        this.compacted = Math.max(0, FileHashKv.compacted(snapshot));
    }

    /** @return how many records were sent */
    long run() {
        if (target.state().revision() > 0 && target.state().revision() < compacted) {
            sendVanished();
        }
        long sent = sendRecords();
        UserCopy.to(target).copy(snapshot);
        long last = target.state().revision();
        target.step(
                "loaded",
                Map.of(
                        "revision",
                        Long.toString(Math.max(1, Math.max(last, compacted))),
                        "compact_revision",
                        Long.toString(compacted)));
        return sent;
    }

    private long sendRecords() {
        long revision = target.state().revision();
        long sub = target.state().sub();
        long sent = 0;
        RecordBatch batch = new RecordBatch();
        try (BucketRecords records = snapshot.file().records(BucketNames.KEY)) {
            while (records.next()) {
                Revision at = Revision.parse(records.key());
                if (at.main() > revision || (at.main() == revision && at.sub() > sub)) {
                    batch.add(records.key(), records.value());
                    sent++;
                }
                if (batch.isFull()) {
                    send(batch);
                }
            }
        }
        send(batch);
        return sent;
    }

    private void send(RecordBatch batch) {
        do {
            target.step("load", load(batch.takeUpTo(Long.MAX_VALUE), List.of()));
        } while (!batch.isEmpty());
    }

    private Map<String, Object> load(List<Map<String, Object>> records, List<String> vanished) {
        return Map.of("records", records, "vanished", vanished, "compact_revision", Long.toString(compacted));
    }

    /** Compares key by key. Only a compaction that overtook makes that necessary; it takes memory for all keys of the source. */
    private void sendVanished() {
        Set<Bytes> living = livingAtCompaction();
        byte[] from = {};
        boolean more = true;
        while (more) {
            FollowingCluster.Keys page = target.keys(from);
            List<String> gone = new ArrayList<>();
            for (FollowingCluster.Key each : page.keys()) {
                byte[] key = Base64.getDecoder().decode(each.base64());
                if (each.modRevision() <= compacted && !living.contains(Bytes.wrap(key))) {
                    gone.add(each.base64());
                }
                from = Arrays.copyOf(key, key.length + 1);
            }
            more = page.more();
            for (List<String> part : parts(gone)) {
                target.step("load", load(List.of(), part));
            }
        }
    }

    /** Keys, in base64, in parts that are small enough for a step each: a key may be as large as a request. */
    static List<List<String>> parts(List<String> keys) {
        List<List<String>> parts = new ArrayList<>();
        long size = Long.MAX_VALUE;
        for (String key : keys) {
            if (size > RecordBatch.BYTES_MAX - key.length()) {
                parts.add(new ArrayList<>());
                size = 0;
            }
            parts.getLast().add(key);
            size += key.length();
        }
        return parts;
    }

    private Set<Bytes> livingAtCompaction() {
        Set<Bytes> living = new HashSet<>();
        try (BucketRecords records = snapshot.file().records(BucketNames.KEY)) {
            while (records.next()) {
                ImportedHistory.Change change = ImportedHistory.change(records.key(), records.value());
                if (change.revision() > compacted) {
                    break;
                }
                boolean unused = change.isDeletion() ? living.remove(change.key()) : living.add(change.key());
            }
        }
        return living;
    }
}
