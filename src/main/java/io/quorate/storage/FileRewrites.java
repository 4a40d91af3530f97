package io.quorate.storage;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.RocksDBException;

/** Rewrites files of the database on request, so that nothing outdated takes space any more; one request at a time. Any thread. */
@RequiredArgsConstructor
final class FileRewrites {

    /** Outdated share of a family from which on rewriting it pays. */
    private static final double RECLAIM_RATIO = 0.25;

    private final Path directory;
    private final UseGuard guard;
    private final Supplier<RocksInstance> rocks;
    private final SizeEstimate size;
    /** The request that is running, so that closing can end it. */
    private final AtomicReference<@Nullable CompactRangeOptions> running = new AtomicReference<>();

    /** Some rewriting of files. */
    private interface Rewriting {
        void run(CompactRangeOptions request) throws RocksDBException;
    }

    /** Rewrites all families; false if another request is running. */
    boolean compact() {
        return runs(request -> rocks.get().compact(request));
    }

    /** Rewrites the families that are outdated enough, unless another request is running. */
    void reclaim() {
        runs(this::rewriteOutdated);
    }

    private void rewriteOutdated(CompactRangeOptions request) throws RocksDBException {
        try {
            for (Family family : Family.values()) {
                if (!request.canceled() && rocks.get().deadShare(family).ratio() >= RECLAIM_RATIO) {
                    rocks.get().compact(family, request);
                }
            }
        } catch (RocksDBException e) {
            if (!request.canceled()) {
                throw e;
            }
        }
    }

    private boolean runs(Rewriting rewriting) {
        guard.enter();
        try (CompactRangeOptions request = new CompactRangeOptions().setExclusiveManualCompaction(false)) {
            if (!running.compareAndSet(null, request)) {
                return false;
            }
            try {
                rewriting.run(request);
                return true;
            } finally {
                running.set(null);
                size.outdated();
            }
        } catch (RocksDBException e) {
            throw new StorageException("The database in '" + directory + "' cannot be compacted: " + e.getMessage(), e);
        } finally {
            guard.exit();
        }
    }

    /** Ends the request that is running, soon. */
    void cancel() {
        CompactRangeOptions request = running.get();
        if (request != null) {
            request.setCanceled(true);
        }
    }
}
