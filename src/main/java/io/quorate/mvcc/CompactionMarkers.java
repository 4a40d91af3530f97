package io.quorate.mvcc;

import io.quorate.storage.Family;
import io.quorate.storage.Reader;
import java.util.HashMap;
import java.util.Map;

/** How far compaction has come, as etcd's database has it: under the same names, with the same values. */
public final class CompactionMarkers {

    private CompactionMarkers() {}

    /** The markers that a state has, by their names. */
    public static Map<byte[], byte[]> in(Reader state) {
        Map<byte[], byte[]> markers = new HashMap<>();
        for (byte[] name : new byte[][] {Markers.SCHEDULED_KEY, Markers.FINISHED_KEY}) {
            byte[] value = state.get(Family.META, name);
            if (value != null) {
                markers.put(name, value);
            }
        }
        return markers;
    }
}
