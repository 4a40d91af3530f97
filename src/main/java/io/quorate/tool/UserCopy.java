package io.quorate.tool;

import io.quorate.backup.BucketNames;
import io.quorate.backup.SnapshotFile;
import io.quorate.bbolt.BucketRecords;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Users and roles of a snapshot, the only place where etcd shows the hashes of passwords. A step has those of some names, so however many
 * there are, a request has room for it. Used by one thread.
 */
final class UserCopy {

    private static final String ENABLED = "authEnabled";
    private static final String REVISION = "authRevision";

    private final Consumer<Map<String, Object>> steps;
    private final int stepBytes;
    private final List<String> users = new ArrayList<>();
    private final List<String> roles = new ArrayList<>();
    private Map<String, byte[]> settings = Map.of();
    private byte[] after = {};
    private long bytes;

    /**
     * Will copy.
     *
     * @param steps takes each step
     * @param stepBytes of users and roles after which a step is sent
     */
    UserCopy(Consumer<Map<String, Object>> steps, int stepBytes) {
        this.steps = steps;
        this.stepBytes = stepBytes;
    }

    static UserCopy to(FollowingCluster target) {
        return new UserCopy(step -> target.step("users", step), RecordBatch.BYTES_MAX);
    }

    void copy(SnapshotFile snapshot) {
        settings = settings(snapshot);
        try (BucketRecords user = snapshot.file().records(BucketNames.USERS);
                BucketRecords role = snapshot.file().records(BucketNames.ROLES)) {
            boolean hasUser = user.next();
            boolean hasRole = role.next();
            while (hasUser || hasRole) {
                int order = !hasRole ? -1 : !hasUser ? 1 : Arrays.compareUnsigned(user.key(), role.key());
                byte[] name = order <= 0 ? user.key() : role.key();
                if (order <= 0) {
                    add(users, user.value());
                    hasUser = user.next();
                }
                if (order >= 0) {
                    add(roles, role.value());
                    hasRole = role.next();
                }
                if (bytes >= stepBytes) {
                    send(name);
                }
            }
        }
        send(new byte[0]);
    }

    private static Map<String, byte[]> settings(SnapshotFile snapshot) {
        Map<String, byte[]> settings = new HashMap<>();
        try (BucketRecords records = snapshot.file().records(BucketNames.AUTH)) {
            while (records.next()) {
                settings.put(new String(records.key(), StandardCharsets.UTF_8), records.value());
            }
        }
        return settings;
    }

    private void add(List<String> stored, byte[] value) {
        stored.add(base64(value));
        bytes += value.length;
    }

    /** @param upTo the last name; empty for the end */
    private void send(byte[] upTo) {
        byte[] enabled = settings.getOrDefault(ENABLED, new byte[0]);
        byte[] revision = settings.getOrDefault(REVISION, new byte[0]);
        steps.accept(Map.of(
                "enabled", enabled.length == 1 && enabled[0] == 1,
                "revision",
                        Long.toString(
                                revision.length == Long.BYTES
                                        ? ByteBuffer.wrap(revision).getLong()
                                        : 1),
                "users", List.copyOf(users),
                "roles", List.copyOf(roles),
                "after", base64(after),
                "up_to", base64(upTo)));
        users.clear();
        roles.clear();
        after = upTo;
        bytes = 0;
    }

    private static String base64(byte[] value) {
        return Base64.getEncoder().encodeToString(value);
    }
}
