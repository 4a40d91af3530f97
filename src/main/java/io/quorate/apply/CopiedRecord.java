package io.quorate.apply;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.base.Bytes;
import io.quorate.base.Fault;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.mvcc.CopiedChanges;
import io.quorate.mvcc.Revision;
import io.quorate.proto.following.FollowPosition;
import io.quorate.proto.following.FollowRecord;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.ArrayList;
import java.util.List;

/**
 * A change of another cluster, read and checked.
 *
 * @param revision where it stands
 * @param isDeletion whether it deleted the key
 * @param record the key-value message
 * @param stored the same as bytes
 */
record CopiedRecord(Revision revision, boolean isDeletion, KeyValue record, ByteString stored) {

    /** Numbers behind this one are for deletions that nobody told of. */
    static final int SUB_MAX = 1 << 30;

    /**
     * Reads all records before any is written.
     *
     * @throws RequestException if one is not what etcd writes
     */
    static List<CopiedRecord> all(List<FollowRecord> records) {
        List<CopiedRecord> read = new ArrayList<>(records.size());
        for (FollowRecord each : records) {
            read.add(of(each));
        }
        return read;
    }

    private static CopiedRecord of(FollowRecord from) {
        byte[] key = from.getKey().toByteArray();
        try {
            Revision revision = Revision.parse(key);
            KeyValue record = KeyValue.parseFrom(from.getValue());
            CopiedRecord read = new CopiedRecord(revision, Revision.isTombstone(key), record, from.getValue());
            if (revision.main() > 0 && revision.sub() >= 0 && revision.sub() < SUB_MAX && read.isConsistent()) {
                return read;
            }
        } catch (Fault | InvalidProtocolBufferException e) {
            throw new RequestException(RequestError.STEP_INVALID);
        }
        throw new RequestException(RequestError.STEP_INVALID);
    }

    /** A record without a key only raises the revision: etcdutl's --bump-revision writes it. */
    private boolean isConsistent() {
        if (isDeletion) {
            return !record.getKey().isEmpty();
        }
        return record.getKey().isEmpty()
                || (record.getModRevision() == revision.main()
                        && record.getCreateRevision() > 0
                        && record.getCreateRevision() <= record.getModRevision()
                        && record.getVersion() > 0);
    }

    FollowPosition position() {
        return FollowPosition.newBuilder()
                .setRevision(revision.main())
                .setSub(revision.sub())
                .build();
    }

    /** The lease that the record names; 0 for none. */
    long lease() {
        return isDeletion ? 0 : record.getLease();
    }

    void writeTo(CopiedChanges changes) {
        if (isDeletion) {
            changes.delete(revision, Bytes.wrap(record.getKey().toByteArray()));
        } else {
            changes.put(revision, record, stored.toByteArray());
        }
    }
}
