package io.quorate.raft.log;

import io.quorate.raft.Entry;
import java.util.Arrays;
import java.util.List;

/**
 * Entries in a row, added and cut at the end, dropped at the front in amortized constant time. Slices are copies of the
 * references, so they stay what they are.
 *
 * <p>One thread at a time: the owner of the {@link io.quorate.raft.RawNode}.
 */
final class EntryQueue {

    private static final int INITIAL_CAPACITY = 16;

    /** An array that grew beyond this is given back once it is empty. */
    private static final int RETAINED_CAPACITY = 4096;

    /**
     * The entries, in {@code slots[head .. head + size - 1]}; the other slots are null, or garbage that was cut
     * off.
     */
    private Entry[] slots = new Entry[INITIAL_CAPACITY];

    /** The slot of the first entry. Grows as entries are dropped at the front; 0 after the array is replaced. */
    private int head;

    /** The number of entries. Invariant: {@code head + size <= slots.length}. */
    private int size;

    int size() {
        return size;
    }

    Entry get(int position) {
        return slots[head + position];
    }

    void addAll(List<Entry> entries) {
        int added = entries.size();
        makeRoom(added);
        int tail = head + size;
        for (int i = 0; i < added; i++) {
            slots[tail + i] = entries.get(i);
        }
        size += added;
    }

    private void makeRoom(int added) {
        if (head + size + added <= slots.length) {
            return;
        }
        // Moving to the front pays only if it frees at least half, or a queue that stays full would move every time.
        if (size + added <= slots.length / 2) {
            System.arraycopy(slots, head, slots, 0, size);
            Arrays.fill(slots, size, head + size, null);
        } else {
            Entry[] larger = new Entry[Math.max(slots.length * 2, size + added)];
            System.arraycopy(slots, head, larger, 0, size);
            slots = larger;
        }
        head = 0;
    }

    void dropFirst(int count) {
        Arrays.fill(slots, head, head + count, null);
        head += count;
        size -= count;
        if (size == 0) {
            clear();
        }
    }

    /** Keeps the first entries only. */
    void truncate(int newSize) {
        Arrays.fill(slots, head + newSize, head + size, null);
        size = newSize;
    }

    void clear() {
        truncate(0);
        head = 0;
        if (slots.length > RETAINED_CAPACITY) {
            slots = new Entry[INITIAL_CAPACITY];
        }
    }

    /** The entries at positions from {@code from} to below {@code to}. */
    List<Entry> slice(int from, int to) {
        return from == to ? List.of() : Entries.immutable(Arrays.copyOfRange(slots, head + from, head + to));
    }

    /** The first entry at or after {@code from}, and as many as stay below {@code to} and within the byte limit. */
    List<Entry> slice(int from, int to, long maxBytes) {
        if (from == to) {
            return List.of();
        }
        long bytes = get(from).encodedSize();
        int end = from + 1;
        while (end < to) {
            bytes += get(end).encodedSize();
            if (bytes > maxBytes) {
                break;
            }
            end++;
        }
        return slice(from, end);
    }
}
