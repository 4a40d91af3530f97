package io.quorate.storage;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Metadata as it will be once a write set is written. */
final class PendingReader implements Reader {

    private final WriteSet set;
    private final Reader base;

    PendingReader(WriteSet set, Reader base) {
        this.set = set;
        this.base = base;
    }

    @Override
    public byte @Nullable [] get(Family family, byte[] key) {
        NavigableMap<byte[], byte @Nullable []> changes = pending(family);
        byte[] value = changes.get(key);
        if (value != null) {
            return value.clone();
        }
        return changes.containsKey(key) ? null : base.get(family, key);
    }

    @Override
    public Cursor cursor(Family family, byte @Nullable [] from, byte @Nullable [] toExclusive, Scan scan) {
        NavigableMap<byte[], byte @Nullable []> changes = pending(family);
        if (from != null && toExclusive != null && Arrays.compareUnsigned(from, toExclusive) >= 0) {
            return base.cursor(family, from, toExclusive, scan);
        }
        if (from != null) {
            changes = changes.tailMap(from, true);
        }
        if (toExclusive != null) {
            changes = changes.headMap(toExclusive, false);
        }
        return new MergingCursor(base.cursor(family, from, toExclusive, scan), new TreeMap<>(changes));
    }

    private NavigableMap<byte[], byte @Nullable []> pending(Family family) {
        if (!family.isMetadata()) {
            throw new IllegalArgumentException("Pending changes are remembered for metadata only, not for " + family);
        }
        return set.pending(family);
    }

    /** The changes laid over a cursor: at equal keys the change wins, and a deletion hides the record. */
    private static final class MergingCursor implements Cursor {

        private final Cursor base;
        private final NavigableMap<byte[], byte @Nullable []> changes;
        private Iterator<Map.Entry<byte[], byte @Nullable []>> rest;
        private Map.@Nullable Entry<byte[], byte @Nullable []> change;
        private boolean atChange;

        MergingCursor(Cursor base, NavigableMap<byte[], byte @Nullable []> changes) {
            this.base = base;
            this.changes = changes;
            this.rest = changes.entrySet().iterator();
            advanceChange();
            settle();
        }

        @Override
        public boolean isValid() {
            return atChange || base.isValid();
        }

        @Override
        public byte[] key() {
            return atChange ? atChange().getKey().clone() : base.key();
        }

        @Override
        public byte[] value() {
            byte[] value = atChange ? atChange().getValue() : base.value();
            if (value == null) {
                throw new IllegalStateException("A cursor never stands at a deletion");
            }
            return atChange ? value.clone() : value;
        }

        @Override
        public void next() {
            if (atChange) {
                advanceChange();
            } else {
                base.next();
            }
            settle();
        }

        @Override
        public void seek(byte[] key) {
            base.seek(key);
            rest = changes.tailMap(key, true).entrySet().iterator();
            advanceChange();
            settle();
        }

        @Override
        public void close() {
            base.close();
            atChange = false;
        }

        private Map.Entry<byte[], byte @Nullable []> atChange() {
            Map.Entry<byte[], byte @Nullable []> current = change;
            if (current == null) {
                throw new IllegalStateException("The cursor is past the last record");
            }
            return current;
        }

        /** Decides which of the two sides is next, dropping records that a change replaces and deletions. */
        private void settle() {
            Map.Entry<byte[], byte @Nullable []> next = change;
            atChange = false;
            while (next != null && !atChange) {
                int order = base.isValid() ? Arrays.compareUnsigned(next.getKey(), base.key()) : -1;
                if (order > 0) {
                    return;
                }
                if (order == 0) {
                    base.next();
                }
                atChange = next.getValue() != null;
                if (!atChange) {
                    advanceChange();
                    next = change;
                }
            }
        }

        private void advanceChange() {
            change = rest.hasNext() ? rest.next() : null;
        }
    }
}
