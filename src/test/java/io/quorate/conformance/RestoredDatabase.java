package io.quorate.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.backup.MemberDirectory;
import io.quorate.backup.RestoredCluster;
import io.quorate.backup.SnapshotFile;
import io.quorate.backup.SnapshotRestore;
import io.quorate.backup.StateSnapshot;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.bbolt.BboltFile;
import io.quorate.bbolt.BucketRecords;
import io.quorate.fixture.ServedState;
import io.quorate.mvcc.HashKv;
import io.quorate.mvcc.MvccStore;
import io.quorate.mvcc.RangeQuery;
import io.quorate.proto.mvccpb.KeyValue;
import io.quorate.storage.Database;
import io.quorate.storage.StorageSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Restores a snapshot of etcd, and reads what came of it without a member around it. */
final class RestoredDatabase {

    /** What is stored here byte by byte as in etcd. */
    private static final List<String> SAME = List.of("key", "lease", "auth", "authUsers", "authRoles", "alarm");

    private final Path directory;

    RestoredDatabase(Path directory) {
        this.directory = directory;
    }

    /** Restores a snapshot for the member of this peer URL, which is alone. */
    static Path restore(Path snapshot, Path data, String peerUrl) throws IOException {
        RestoredCluster cluster = RestoredCluster.of(Map.of("default", List.of(peerUrl)), "etcd-cluster", "default");
        try (SnapshotFile file = SnapshotFile.open(snapshot, snapshot.toString(), false)) {
            new SnapshotRestore(cluster, 0, false).into(new MemberDirectory(data, null), file);
        }
        return data;
    }

    /** All records, revisions, attachments and the hash must be those that the server told. */
    void assertSame(SavedState saved) throws IOException {
        Path data = restore(saved.file(), directory.resolve("data"), "http://127.0.0.1:2380");
        try (Database database = Database.open(data.resolve("member").resolve("db"), StorageSettings.DEFAULTS)) {
            Attachments attachments = new Attachments();
            MvccStore store = new MvccStore(database, attachments);
            assertSameHistory(store, saved.served());
            attachments.assertSame(saved.served());
            Path again = directory.resolve("again.db");
            try (StateSnapshot snapshot = StateSnapshot.of(database, () -> {})) {
                Files.copy(snapshot, again);
            }
            for (String bucket : SAME) {
                assertThat(records(again, bucket)).as(bucket).isEqualTo(records(saved.file(), bucket));
            }
        }
    }

    private static void assertSameHistory(MvccStore store, ServedState served) {
        HashKv.Result hash = store.hashKv(0);
        assertThat(hash.hash()).isEqualTo(served.hash().getHash());
        assertThat(hash.hashRevision()).isEqualTo(served.hash().getHashRevision());
        assertThat(hash.compactRevision()).isEqualTo(served.hash().getCompactRevision());
        assertThat(store.currentRevision()).isEqualTo(served.hash().getHashRevision());
        served.records().forEach((revision, expected) -> {
            List<KeyValue> found = store.range(
                            RangeQuery.builder(KeyRange.ALL).revision(revision).build())
                    .kvs();
            assertThat(found).as("revision %d", revision).isEqualTo(expected);
        });
    }

    private static Map<String, String> records(Path file, String bucket) throws IOException {
        Map<String, String> found = new TreeMap<>();
        HexFormat hex = HexFormat.of();
        try (BboltFile opened = BboltFile.open(file);
                BucketRecords records = opened.records(bucket)) {
            while (records.next()) {
                found.put(hex.formatHex(records.key()), hex.formatHex(records.value()));
            }
        }
        return found;
    }

    private static final class Attachments implements MvccStore.LeaseAttachments {

        private final Map<Long, List<ByteString>> keys = new HashMap<>();

        @Override
        public void attach(long lease, Bytes key) {
            keys.computeIfAbsent(lease, first -> new ArrayList<>()).add(ByteString.copyFrom(key.unwrap()));
        }

        @Override
        public void detach(long lease, Bytes key) {
            throw new AssertionError("nothing is written here");
        }

        void assertSame(ServedState served) {
            Map<Long, List<ByteString>> expected = new HashMap<>();
            served.leases().forEach((id, lease) -> {
                if (!lease.keys().isEmpty()) {
                    expected.put(id, lease.keys());
                }
            });
            assertThat(keys).isEqualTo(expected);
        }
    }
}
