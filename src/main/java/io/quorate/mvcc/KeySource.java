package io.quorate.mvcc;

import io.quorate.base.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys of a range as the index knows them, without values and leases; taken from the index when it is made.
 *
 * <p>Used by one thread at a time.
 */
final class KeySource implements RecordSource {

    private final List<Bytes> keys = new ArrayList<>();
    private final List<KeyMeta> metas = new ArrayList<>();
    private int position = -1;

    /** Takes as many keys as the query has to look at. */
    KeySource(RangeQuery query, KeyIndex index) {
        KeyIndex.Cursor cursor = index.cursor(query.range());
        long limit = query.hasFilter() ? Long.MAX_VALUE : query.fetchLimit();
        while (keys.size() < limit && cursor.next()) {
            keys.add(cursor.key());
            metas.add(cursor.meta());
        }
    }

    @Override
    public boolean advance() {
        return ++position < keys.size();
    }

    @Override
    public StoredRecord record() {
        return StoredRecord.of(Records.withoutValue(keys.get(position), metas.get(position)));
    }

    @Override
    public void close() {
        // holds nothing
    }
}
