package io.quorate.mvcc;

import java.util.List;

/** Records that are in memory already. Used by one thread at a time. */
final class ListSource implements RecordSource {

    private final List<StoredRecord> records;
    private int position = -1;

    ListSource(List<StoredRecord> records) {
        this.records = records;
    }

    @Override
    public boolean advance() {
        return ++position < records.size();
    }

    @Override
    public StoredRecord record() {
        return records.get(position);
    }

    @Override
    public void close() {
        // holds nothing
    }
}
