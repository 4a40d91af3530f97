package io.quorate.mvcc;

import com.google.protobuf.ByteString;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one raft entry, which together make at most one new revision.
 *
 * <p>Used by the apply thread only. Reads see what was written before in the same transaction and in earlier ones of the
 * same batch. Everything a client can get wrong is checked before the first write; what fails in a write is a
 * {@link io.quorate.base.Fault}, since members that applied different parts of a transaction would diverge.
 */
public interface WriteTxn extends KeyReader {

    /**
     * Writes a record; always makes a new revision, even if nothing is different.
     *
     * @param lease the lease the key is attached to from now on; 0 detaches it from the one it had
     * @param wantPrevious whether to read the record that the put replaces
     */
    PutResult put(Bytes key, ByteString value, long lease, boolean wantPrevious);

    /**
     * Deletes the live keys of the range in key order; makes no new revision when there are none.
     *
     * @param wantPrevious whether to read the removed records
     */
    DeleteResult deleteRange(KeyRange range, boolean wantPrevious);

    /** The revision that reads see now: that before the transaction, or one more once something has changed. */
    @Override
    long revision();

    /** Ends the transaction; returns the revision for the response header. */
    long end();

    /**
     * What a deletion did.
     *
     * @param deleted how many live keys it removed
     * @param previous the removed records in key order; empty when they were not asked for
     */
    record DeleteResult(long deleted, List<KeyValue> previous) {}

    /**
     * What a put found.
     *
     * @param previous the record before the put; null when it was not asked for or the key did not exist
     */
    record PutResult(@Nullable KeyValue previous) {}
}
