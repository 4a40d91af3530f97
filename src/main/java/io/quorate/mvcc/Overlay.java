package io.quorate.mvcc;

import io.quorate.base.Bytes;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Records of a source of which some keys differ: for those a lookup says what their record is, or that they do not live.
 *
 * <p>Used by the {@code apply} thread.
 */
final class Overlay implements RecordSource {

    private final RecordSource.Keyed stored;
    private final List<Bytes> touched;
    private final Function<Bytes, @Nullable KeyValue> lookup;
    private int nextTouched;
    private boolean storedValid;
    private boolean storedConsumed = true;
    private @Nullable KeyValue differing;

    /**
     * Takes the source over.
     *
     * @param touched the keys that differ, in order; the source may have them or not
     * @param lookup gives the record of such a key, or null when it does not live; called when its turn has come
     */
    Overlay(RecordSource.Keyed stored, List<Bytes> touched, Function<Bytes, @Nullable KeyValue> lookup) {
        this.stored = stored;
        this.touched = touched;
        this.lookup = lookup;
    }

    @Override
    public boolean advance() {
        while (true) {
            if (storedConsumed) {
                storedValid = stored.advance();
                storedConsumed = false;
            }
            differing = null;
            if (nextTouched == touched.size()) {
                storedConsumed = storedValid;
                return storedValid;
            }
            Bytes key = touched.get(nextTouched);
            int order = storedValid ? stored.key().compareTo(key) : 1;
            if (order <= 0) {
                storedConsumed = true;
            }
            if (order < 0) {
                return true;
            }
            nextTouched++;
            differing = lookup.apply(key);
            if (differing != null) {
                return true;
            }
        }
    }

    @Override
    public StoredRecord record() {
        return differing == null ? stored.record() : StoredRecord.of(differing);
    }

    @Override
    public void close() {
        stored.close();
    }
}
