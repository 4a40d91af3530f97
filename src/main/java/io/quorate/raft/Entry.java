package io.quorate.raft;

import io.quorate.base.Varint;

/**
 * One entry of the log.
 *
 * @param term the term of the leader that created it
 * @param index its place in the log, from 1 on
 * @param type what the data is
 * @param data the payload; never written to after creation
 */
@SuppressWarnings("ArrayRecordComponent") // the hot path: entries are never compared, and a copy per entry costs
public record Entry(long term, long index, EntryType type, byte[] data) {

    private static final byte[] NO_DATA = {};

    /** A normal entry without data, as a new leader appends it. */
    public static Entry empty(long term, long index) {
        return new Entry(term, index, EntryType.NORMAL, NO_DATA);
    }

    /** Size when encoded as etcd encodes an entry, the unit in which all byte limits of the core count. */
    public long encodedSize() {
        int length = data.length;
        return 6 + Varint.size(term) + Varint.size(index) + (length == 0 ? 0 : Varint.size(length)) + length;
    }
}
