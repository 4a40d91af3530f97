package io.quorate.integrity;

import io.quorate.mvcc.HashKv;
import io.quorate.mvcc.MvccStore;
import io.quorate.proposal.ReadPool;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongConsumer;

/**
 * The hashes of what the newest compactions left. Members compact at the same revisions, however far each has got, so these
 * can be compared at any later time.
 *
 * <p>Polled by the {@code timer} thread; hashes are computed on {@code integrity}.
 */
public final class CompactionHashes {

    private static final int KEPT = 10;

    private final MvccStore store;
    private final ReadPool worker;
    private final LongConsumer took;
    private final ConcurrentSkipListMap<Long, HistoryHash> kept = new ConcurrentSkipListMap<>();
    private long seen;

    /** @param took takes how many nanoseconds each hash took */
    public CompactionHashes(MvccStore store, ReadPool worker, LongConsumer took) {
        this.store = store;
        this.worker = worker;
        this.took = took;
        this.seen = store.compactedRevision();
    }

    /** Starts hashing a new compaction; called every 100 ms by {@code timer}. */
    void poll() {
        long compacted = store.compactedRevision();
        if (compacted > seen) {
            seen = compacted;
            worker.execute(() -> keep(compacted));
        }
    }

    private void keep(long compacted) {
        if (store.compactedRevision() != compacted) {
            return; // there was another one since, which gets its own
        }
        long started = System.nanoTime();
        HashKv.Result result = store.hashKv(compacted);
        took.accept(System.nanoTime() - started);
        if (result.compactRevision() == compacted) {
            kept.put(compacted, HistoryHash.of(result));
            while (kept.size() > KEPT) {
                kept.pollFirstEntry();
            }
        }
    }

    /** The hash of a compaction; empty if none was computed or it is gone. */
    Optional<HistoryHash> of(long compacted) {
        return Optional.ofNullable(kept.get(compacted));
    }

    /** The newest above a revision. */
    Optional<HistoryHash> newestAbove(long revision) {
        var newest = kept.lastEntry();
        return newest == null || newest.getKey() <= revision ? Optional.empty() : Optional.of(newest.getValue());
    }
}
