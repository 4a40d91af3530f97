package io.quorate.raft.log;

import io.quorate.raft.Entry;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Slices of entries under a byte limit. */
public final class Entries {

    private Entries() {}

    /** The encoded size of all entries, in bytes. */
    public static long encodedSize(List<Entry> entries) {
        long size = 0;
        for (int i = 0; i < entries.size(); i++) {
            size += entries.get(i).encodedSize();
        }
        return size;
    }

    /** The size of the data of all entries, in bytes. */
    public static long payloadSize(List<Entry> entries) {
        long size = 0;
        for (int i = 0; i < entries.size(); i++) {
            size += entries.get(i).data().length;
        }
        return size;
    }

    /** The first entry, and as many of the following ones as keep the encoded size within the limit. */
    public static List<Entry> limit(List<Entry> entries, long maxBytes) {
        if (entries.isEmpty()) {
            return entries;
        }
        long size = entries.getFirst().encodedSize();
        int count = 1;
        while (count < entries.size()) {
            size += entries.get(count).encodedSize();
            if (size > maxBytes) {
                return List.copyOf(entries.subList(0, count));
            }
            count++;
        }
        return entries;
    }

    /** Both lists in one. */
    static List<Entry> concat(List<Entry> first, List<Entry> second) {
        Entry[] all = Arrays.copyOf(first.toArray(new Entry[0]), first.size() + second.size());
        for (int i = 0; i < second.size(); i++) {
            all[first.size() + i] = second.get(i);
        }
        return immutable(all);
    }

    /** Wraps an array that no other code writes to. */
    static List<Entry> immutable(Entry[] entries) {
        return Collections.unmodifiableList(Arrays.asList(entries));
    }
}
