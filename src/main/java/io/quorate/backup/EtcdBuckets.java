package io.quorate.backup;

import io.quorate.alarm.Alarm;
import io.quorate.alarm.AlarmCodec;
import io.quorate.apply.ConsistentIndex;
import io.quorate.apply.StoredConfState;
import io.quorate.auth.AuthSetting;
import io.quorate.bbolt.Bucket;
import io.quorate.membership.Member;
import io.quorate.membership.MemberCodec;
import io.quorate.membership.MemberJson;
import io.quorate.membership.StoredClusterVersion;
import io.quorate.membership.Versions;
import io.quorate.mvcc.CompactionMarkers;
import io.quorate.proto.AlarmMember;
import io.quorate.raft.ConfState;
import io.quorate.storage.Cursor;
import io.quorate.storage.Family;
import io.quorate.storage.View;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;

/**
 * A view of the state as etcd's buckets. History, leases, users and roles are stored here as there and are streamed; what differs is small
 * and is encoded anew: members, alarms, the single values.
 */
@RequiredArgsConstructor
final class EtcdBuckets {

    private static final byte[] NOTHING = {};
    private static final byte[] REMOVED = bytes("removed");

    private final View view;

    /**
     * In the order of their names.
     *
     * @param view must stay open while they are read
     */
    static List<Bucket> of(View view) {
        EtcdBuckets buckets = new EtcdBuckets(view);
        return List.of(
                Bucket.of(BucketNames.ALARM, buckets.alarms()),
                Bucket.of(BucketNames.AUTH, buckets.auth()),
                buckets.same(BucketNames.ROLES, Family.ROLE),
                buckets.same(BucketNames.USERS, Family.USER),
                Bucket.of(BucketNames.CLUSTER, buckets.cluster()),
                buckets.same(BucketNames.KEY, Family.HISTORY),
                buckets.same(BucketNames.LEASE, Family.LEASE),
                Bucket.of(BucketNames.MEMBERS, buckets.members()),
                Bucket.of(BucketNames.REMOVED_MEMBERS, buckets.removedMembers()),
                Bucket.of(BucketNames.META, buckets.meta()));
    }

    private Bucket same(String name, Family family) {
        return new Bucket(name, () -> new FamilyRecords(view, family));
    }

    private Map<byte[], byte[]> alarms() {
        AlarmCodec codec = new AlarmCodec();
        return mapped(Family.ALARM, (records, record) -> {
            Alarm.AlarmId id = codec.decodeId(record.getKey());
            AlarmMember alarm = AlarmMember.newBuilder()
                    .setMemberID(id.memberId())
                    .setAlarmValue(id.number())
                    .build();
            records.put(alarm.toByteArray(), NOTHING);
        });
    }

    private Map<byte[], byte[]> members() {
        MemberCodec codec = new MemberCodec();
        return mapped(Family.MEMBER, (records, record) -> {
            Member member = codec.decode(codec.decodeId(record.getKey()), record.getValue());
            records.put(bytes(Long.toHexString(member.id())), MemberJson.encodeStored(member));
        });
    }

    private Map<byte[], byte[]> removedMembers() {
        return mapped(
                Family.REMOVED_MEMBER,
                (records, record) -> records.put(
                        bytes(Long.toHexString(ByteBuffer.wrap(record.getKey()).getLong())), REMOVED));
    }

    /** The revision is there from the beginning, as in etcd. */
    private Map<byte[], byte[]> auth() {
        Map<byte[], byte[]> records = mapped(Family.AUTH, (all, record) -> all.put(record.getKey(), record.getValue()));
        byte[] revision = bytes(AuthSetting.REVISION);
        if (view.get(Family.AUTH, revision) == null) {
            records.put(revision, number(1));
        }
        return records;
    }

    private Map<byte[], byte[]> mapped(
            Family family, BiConsumer<Map<byte[], byte[]>, Map.Entry<byte[], byte[]>> mapping) {
        Map<byte[], byte[]> records = new HashMap<>();
        try (Cursor cursor = view.cursor(family, null, null)) {
            for (; cursor.isValid(); cursor.next()) {
                mapping.accept(records, Map.entry(cursor.key(), cursor.value()));
            }
        }
        return records;
    }

    private Map<byte[], byte[]> cluster() {
        Map<byte[], byte[]> records = new HashMap<>();
        String version = StoredClusterVersion.versionIn(view);
        if (version != null) {
            records.put(bytes("clusterVersion"), bytes(version));
        }
        String target = StoredClusterVersion.targetIn(view);
        records.put(bytes("downgrade"), bytes(downgrade(target)));
        return records;
    }

    private static String downgrade(@Nullable String target) {
        return target == null
                ? "{\"target-version\":\"\",\"enabled\":false}"
                : "{\"target-version\":\"" + target + "\",\"enabled\":true}";
    }

    private Map<byte[], byte[]> meta() {
        Map<byte[], byte[]> records = new HashMap<>();
        ConsistentIndex index = new ConsistentIndex(view);
        records.put(bytes("consistent_index"), number(index.index()));
        records.put(bytes("term"), number(index.term()));
        records.put(bytes("storageVersion"), bytes(Versions.STORAGE));
        ConfState confState = StoredConfState.load(view);
        if (confState != null) {
            records.put(bytes("confState"), ConfStateJson.encode(confState));
        }
        records.putAll(CompactionMarkers.in(view));
        return records;
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
