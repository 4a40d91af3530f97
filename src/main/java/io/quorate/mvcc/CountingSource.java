package io.quorate.mvcc;

/** Counts the records that pass by, for states whose index is not at hand. Used by one thread at a time. */
final class CountingSource implements RecordSource {

    private final RecordSource source;
    private long count;
    private boolean exhausted;

    CountingSource(RecordSource source) {
        this.source = source;
    }

    @Override
    public boolean advance() {
        if (!exhausted && source.advance()) {
            count++;
            return true;
        }
        exhausted = true;
        return false;
    }

    @Override
    public StoredRecord record() {
        return source.record();
    }

    @Override
    public int size() {
        return source.size();
    }

    @Override
    public void close() {
        source.close();
    }

    /** Goes on to the end without reading records; returns how many there are in all. */
    long countAll() {
        while (advance()) {
            // the keys alone are wanted
        }
        return count;
    }
}
