package io.quorate.mvcc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.quorate.base.Bytes;
import io.quorate.base.Fault;
import io.quorate.proto.mvccpb.KeyValue;
import java.io.IOException;

/**
 * The stored form of records: the protobuf encoding of {@code mvccpb.KeyValue}.
 *
 * <p>Reading shares the array with the record instead of copying key and value, so the array must not change afterwards.
 */
final class Records {

    private static final int KEY_TAG = KeyValue.KEY_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    private Records() {}

    static KeyValue parse(byte[] stored) {
        try {
            CodedInputStream input = UnsafeByteOperations.unsafeWrap(stored).newCodedInput();
            input.enableAliasing(true);
            return KeyValue.parser().parseFrom(input);
        } catch (IOException cause) {
            throw damaged(cause);
        }
    }

    static KeyValue of(Bytes key, KeyMeta meta, ByteString value) {
        return KeyValue.newBuilder()
                .setKey(shared(key))
                .setCreateRevision(meta.createRevision())
                .setModRevision(meta.modRevision())
                .setVersion(meta.version())
                .setValue(value)
                .setLease(meta.lease())
                .build();
    }

    /** What a range of keys alone shows of a record: no value and no lease. */
    static KeyValue withoutValue(Bytes key, KeyMeta meta) {
        return KeyValue.newBuilder()
                .setKey(shared(key))
                .setCreateRevision(meta.createRevision())
                .setModRevision(meta.modRevision())
                .setVersion(meta.version())
                .build();
    }

    static KeyMeta metaOf(KeyValue record) {
        return new KeyMeta(record.getCreateRevision(), record.getModRevision(), record.getVersion(), record.getLease());
    }

    /** Reads everything but the value, which is skipped, not copied. */
    static KeyMeta parseMeta(byte[] stored) {
        long create = 0;
        long mod = 0;
        long version = 0;
        long lease = 0;
        try {
            CodedInputStream input = CodedInputStream.newInstance(stored);
            for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case KeyValue.CREATE_REVISION_FIELD_NUMBER -> create = input.readInt64();
                    case KeyValue.MOD_REVISION_FIELD_NUMBER -> mod = input.readInt64();
                    case KeyValue.VERSION_FIELD_NUMBER -> version = input.readInt64();
                    case KeyValue.LEASE_FIELD_NUMBER -> lease = input.readInt64();
                    default -> input.skipField(tag);
                }
            }
        } catch (IOException cause) {
            throw damaged(cause);
        }
        return new KeyMeta(create, mod, version, lease);
    }

    /**
     * Reads the key; the value is skipped, not copied.
     *
     * @throws IOException if it is no record
     */
    static byte[] keyOf(byte[] stored) throws IOException {
        byte[] key = {};
        CodedInputStream input = CodedInputStream.newInstance(stored);
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            if (tag == KEY_TAG) {
                key = input.readByteArray();
            } else if (!input.skipField(tag)) {
                throw new InvalidProtocolBufferException("a group ends that did not begin");
            }
        }
        return key;
    }

    static Bytes keyOf(KeyValue record) {
        return Bytes.wrap(record.getKey().toByteArray());
    }

    /** The key without a copy; {@link Bytes} never change. */
    static ByteString shared(Bytes key) {
        return UnsafeByteOperations.unsafeWrap(key.unwrap());
    }

    private static Fault damaged(IOException cause) {
        return new Fault("a stored record is no key-value message", cause);
    }
}
