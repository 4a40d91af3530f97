package io.quorate.mvcc;

import io.quorate.storage.Family;
import io.quorate.storage.Reader;
import io.quorate.storage.WriteSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How far compaction has come, as etcd's database has it: under the same names, with the same values. */
public final class CompactionMarkers {

    private CompactionMarkers() {}

    /**
     * Takes over the markers of another state.
     *
     * @param markers gives the value for a name; null if there is none
     */
    public static void save(WriteSet set, Function<byte[], byte @Nullable []> markers) {
        for (byte[] name : new byte[][] {Markers.SCHEDULED_KEY, Markers.FINISHED_KEY}) {
            byte[] value = markers.apply(name);
            if (value != null) {
                set.put(Family.META, name, value);
            }
        }
    }

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
