package io.quorate.tool;

import io.quorate.backup.BucketNames;
import io.quorate.backup.SnapshotFile;
import io.quorate.bbolt.BucketRecords;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lombok.RequiredArgsConstructor;

/** Users and roles of a snapshot, the only place where etcd shows the hashes of passwords. Used by one thread. */
@RequiredArgsConstructor
final class UserCopy {

    private static final String ENABLED = "authEnabled";
    private static final String REVISION = "authRevision";

    private final FollowingCluster target;

    void copy(SnapshotFile snapshot) {
        Map<String, byte[]> settings = new HashMap<>();
        try (BucketRecords records = snapshot.file().records(BucketNames.AUTH)) {
            while (records.next()) {
                settings.put(new String(records.key(), StandardCharsets.UTF_8), records.value());
            }
        }
        byte[] enabled = settings.getOrDefault(ENABLED, new byte[0]);
        byte[] revision = settings.getOrDefault(REVISION, new byte[0]);
        target.step(
                "users",
                Map.of(
                        "enabled",
                        enabled.length == 1 && enabled[0] == 1,
                        "revision",
                        Long.toString(
                                revision.length == Long.BYTES
                                        ? ByteBuffer.wrap(revision).getLong()
                                        : 1),
                        "users",
                        values(snapshot, BucketNames.USERS),
                        "roles",
                        values(snapshot, BucketNames.ROLES)));
    }

    private static List<String> values(SnapshotFile snapshot, String bucket) {
        List<String> values = new ArrayList<>();
        try (BucketRecords records = snapshot.file().records(bucket)) {
            while (records.next()) {
                values.add(Base64.getEncoder().encodeToString(records.value()));
            }
        }
        return values;
    }
}
