package io.quorate.watch;

import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import lombok.Builder;

/**
 * What a client asks of one watcher.
 *
 * @param range the keys; an empty range is refused
 * @param startRevision the first revision of interest; 0 means from now on, one above the current revision is silent
 *     until it is reached, a negative one is refused
 * @param requestedId the id the client wants; 0 lets the stream choose
 * @param progressNotify whether to report progress periodically while nothing changes
 * @param previousRecord whether events carry the record they replaced ({@code prev_kv})
 * @param noPut drops PUT events
 * @param noDelete drops DELETE events
 * @param fragment whether a large batch may be split over several responses
 */
@Builder
public record WatchSpec(
        KeyRange range,
        long startRevision,
        long requestedId,
        boolean progressNotify,
        boolean previousRecord,
        boolean noPut,
        boolean noDelete,
        boolean fragment) {

    /** What a watcher takes beside its keys: itself, its places in the engine's tables, its share of them. */
    private static final int WATCHER_BYTES = 512;

    private static final Bytes ZERO = Bytes.wrap(new byte[] {0});

    /** What a watcher of this takes in memory, about. */
    long memoryBytes() {
        Bytes end = range.end();
        return WATCHER_BYTES + range.start().length() + (end == null ? 0L : end.length());
    }

    /** The range of a watch request: unlike in the other calls an empty key is allowed and means the key 0x00. */
    public static KeyRange range(Bytes key, Bytes rangeEnd) {
        return KeyRange.of(key.isEmpty() ? ZERO : key, rangeEnd);
    }
}
