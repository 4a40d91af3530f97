package io.quorate.mvcc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.quorate.proto.mvccpb.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * A record as it is stored, which is also how it goes over the wire: what is in it is read only when it is asked for. Never changes.
 */
final class StoredRecord {

    private final byte @Nullable [] stored;
    private final @Nullable KeyValue parsed;

    private StoredRecord(byte @Nullable [] stored, @Nullable KeyValue parsed) {
        this.stored = stored;
        this.parsed = parsed;
    }

    /** @param stored must not change any more */
    static StoredRecord of(byte[] stored) {
        return new StoredRecord(stored, null);
    }

    static StoredRecord of(KeyValue record) {
        return new StoredRecord(null, record);
    }

    KeyValue keyValue() {
        return parsed == null ? Records.parse(bytes()) : parsed;
    }

    /** All but key and value. */
    KeyMeta meta() {
        return parsed == null ? Records.parseMeta(bytes()) : Records.metaOf(parsed);
    }

    /** Bytes of the encoding. */
    int size() {
        return parsed == null ? bytes().length : parsed.getSerializedSize();
    }

    /** The encoding; without a copy where it was read from the store. */
    ByteString encoded() {
        return parsed == null ? UnsafeByteOperations.unsafeWrap(bytes()) : parsed.toByteString();
    }

    private byte[] bytes() {
        if (stored == null) {
            throw new IllegalStateException("neither stored nor parsed");
        }
        return stored;
    }
}
