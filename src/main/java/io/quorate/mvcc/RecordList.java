package io.quorate.mvcc;

import com.google.protobuf.ByteString;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * The records of a range. As a list it parses a record each time it is asked for it; {@link #encoded} gives what was stored as it
 * is, which is what goes over the wire.
 */
public final class RecordList extends AbstractList<KeyValue> implements RandomAccess {

    static final RecordList EMPTY = new RecordList(List.of());

    private final List<StoredRecord> records;

    RecordList(List<StoredRecord> records) {
        this.records = records;
    }

    @Override
    public KeyValue get(int index) {
        return records.get(index).keyValue();
    }

    /** The protobuf encoding of a record, not parsed. */
    public ByteString encoded(int index) {
        return records.get(index).encoded();
    }

    @Override
    public RecordList subList(int from, int to) {
        return new RecordList(records.subList(from, to));
    }

    @Override
    public int size() {
        return records.size();
    }
}
