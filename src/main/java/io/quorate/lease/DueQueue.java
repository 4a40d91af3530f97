package io.quorate.lease;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Leases by the time at which something is due. A binary heap in which every entry knows its place, so that putting,
 * moving and removing any of them takes O(log n). Not thread-safe.
 */
final class DueQueue {

    private @Nullable Entry[] heap = new @Nullable Entry[64];
    private int size;

    int size() {
        return size;
    }

    /** The entry that is due first. */
    @Nullable
    Entry first() {
        return size == 0 ? null : heap[0];
    }

    /** Adds an entry, or moves it if it is there already. */
    void put(Entry entry, long due) {
        entry.due = due;
        if (entry.place < 0) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, size * 2);
            }
            entry.place = size++;
        }
        settle(entry);
    }

    /** Removes an entry; nothing happens if it is not there. */
    void remove(Entry entry) {
        int place = entry.place;
        if (place < 0) {
            return;
        }
        Entry last = at(--size);
        heap[size] = null;
        entry.place = -1;
        if (place < size) {
            last.place = place;
            settle(last);
        }
    }

    void clear() {
        for (int i = 0; i < size; i++) {
            at(i).place = -1;
            heap[i] = null;
        }
        size = 0;
    }

    /** Brings an entry from its place to where it belongs. */
    private void settle(Entry entry) {
        int place = entry.place;
        while (place > 0) {
            Entry parent = at((place - 1) / 2);
            if (parent.due <= entry.due) {
                break;
            }
            set(place, parent);
            place = (place - 1) / 2;
        }
        if (place == entry.place) {
            place = sink(entry, place);
        }
        set(place, entry);
    }

    private int sink(Entry entry, int from) {
        int place = from;
        while (true) {
            int child = 2 * place + 1;
            if (child >= size) {
                return place;
            }
            if (child + 1 < size && at(child + 1).due < at(child).due) {
                child++;
            }
            if (at(child).due >= entry.due) {
                return place;
            }
            set(place, at(child));
            place = child;
        }
    }

    private Entry at(int place) {
        Entry entry = heap[place];
        if (entry == null) {
            throw new IllegalStateException("place " + place + " of " + size + " is empty");
        }
        return entry;
    }

    private void set(int place, Entry entry) {
        heap[place] = entry;
        entry.place = place;
    }

    /** A lease's place in one queue. */
    static final class Entry {

        private final Lease lease;
        private long due;
        private int place = -1;

        Entry(Lease lease) {
            this.lease = lease;
        }

        Lease lease() {
            return lease;
        }

        long due() {
            return due;
        }

        boolean isQueued() {
            return place >= 0;
        }
    }
}
