package io.quorate.migrate;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.apply.ConsistentIndex;
import io.quorate.apply.StoredConfState;
import io.quorate.backup.BucketNames;
import io.quorate.backup.ConfStateJson;
import io.quorate.backup.StateImport;
import io.quorate.bbolt.BboltFile;
import io.quorate.bbolt.BucketRecords;
import io.quorate.membership.Member;
import io.quorate.membership.MemberCodec;
import io.quorate.membership.MemberJson;
import io.quorate.membership.StoredClusterVersion;
import io.quorate.membership.StoredRemovedMembers;
import io.quorate.membership.Versions;
import io.quorate.proto.AlarmMember;
import io.quorate.proto.AlarmType;
import io.quorate.raft.ConfState;
import io.quorate.storage.ApplyScope;
import io.quorate.storage.Database;
import io.quorate.storage.WriteSet;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The database of a stopped etcd, and its way into ours. Used by one thread. */
final class EtcdState implements Closeable {

    private final BboltFile file;
    private final Map<String, byte[]> meta;

    private EtcdState(BboltFile file) {
        this.file = file;
        this.meta = new HashMap<>();
        read(BucketNames.META, (key, value) -> meta.put(utf8(key), value));
    }

    static EtcdState open(Path path) throws IOException {
        BboltFile file = BboltFile.open(path);
        try {
            return new EtcdState(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The members that alarms for corrupt data are about. */
    Set<Long> corruptMembers() {
        Set<Long> members = new HashSet<>();
        read(BucketNames.ALARM, (key, value) -> {
            AlarmMember alarm = alarm(key);
            if (alarm.getAlarm() == AlarmType.CORRUPT) {
                members.add(alarm.getMemberID());
            }
        });
        return members;
    }

    private static AlarmMember alarm(byte[] record) {
        try {
            return AlarmMember.parseFrom(record);
        } catch (InvalidProtocolBufferException e) {
            throw new MigrationException("A record of the bucket alarm cannot be read.", e);
        }
    }

    /** The last entry of the log that the database contains. */
    long applied() {
        byte[] index = meta.get("consistent_index");
        return index == null || index.length != Long.BYTES
                ? 0
                : ByteBuffer.wrap(index).getLong();
    }

    /** The configuration at that entry; null in a database before 3.5. */
    @Nullable
    ConfState confState() {
        byte[] json = meta.get("confState");
        return json == null ? null : ConfStateJson.decode(json);
    }

    /**
     * Fills an empty database; durable after the next flush.
     *
     * @param term of the last entry that the state contains
     * @param confState the configuration at that entry
     * @param announced members as membership changes in the log announce them
     * @return the newest revision
     */
    long writeTo(Database database, long term, ConfState confState, Map<Long, Member> announced) {
        long newest = new StateImport(file, database).run(0, false);
        try (WriteSet set = database.newWriteSet()) {
            writeCluster(database, set, confState, announced);
            StoredConfState.save(set, confState);
            new ConsistentIndex(database).advance(set, applied(), term);
            database.write(set);
        }
        return newest;
    }

    private void writeCluster(Database database, WriteSet set, ConfState confState, Map<Long, Member> announced) {
        ApplyScope scope = new ApplyScope();
        scope.enter(set);
        try {
            new StoredClusterVersion(database, scope).save(Versions.CLUSTER);
            StoredRemovedMembers removed = new StoredRemovedMembers(database, scope);
            read(BucketNames.REMOVED_MEMBERS, (key, value) -> removed.add(Long.parseUnsignedLong(utf8(key), 16)));
        } finally {
            scope.leave();
        }
        Map<Long, Member> members = new HashMap<>(announced);
        read(BucketNames.MEMBERS, (key, value) -> {
            Member member = MemberJson.decodeStored(value);
            members.put(member.id(), member);
        });
        List<Long> learners = confState.learners();
        MemberCodec codec = new MemberCodec();
        Stream.of(confState.voters(), confState.votersOutgoing(), learners)
                .flatMap(List::stream)
                .distinct()
                .map(id -> member(members, id, learners.contains(id)))
                .forEach(member -> set.put(codec.family(), codec.encodeId(member.id()), codec.encode(member)));
    }

    private static Member member(Map<Long, Member> members, long id, boolean learner) {
        Member found = members.get(id);
        if (found == null) {
            throw new MigrationException("Neither the database nor the log tells the URLs of member "
                    + Long.toHexString(id) + ", which is part of the cluster.");
        }
        return new Member(id, found.name(), found.peerUrls(), found.clientUrls(), learner);
    }

    private interface RecordConsumer {
        void accept(byte[] key, byte[] value);
    }

    private void read(String bucket, RecordConsumer consumer) {
        try (BucketRecords records = file.records(bucket)) {
            while (records.next()) {
                consumer.accept(records.key(), records.value());
            }
        }
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
