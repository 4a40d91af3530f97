package io.quorate.storage;

import io.quorate.base.Meters;
import org.rocksdb.RocksDBException;
import org.rocksdb.TickerType;

/**
 * What RocksDB counts about a database. Numbers "since opening" only grow while the database is open; those of the cache are
 * 0 when {@link StorageSettings#statistics} is off.
 *
 * @param fileBytes of all table files, old ones included as long as they are in use
 * @param liveBytes about what would be left of them after everything outdated was dropped
 * @param memtableBytes of changes that were not flushed yet, or whose flush is still read from
 * @param cacheBytes that the block cache holds, the charge for memtables included
 * @param cachePinnedBytes of those, what is in use and cannot be pushed out
 * @param cacheHits blocks found in the cache, since opening
 * @param cacheMisses blocks read from a file, since opening
 * @param flushedBytes written by flushes, since opening
 * @param compactionReadBytes read by compactions, since opening
 * @param compactionWrittenBytes written by compactions, since opening
 * @param compactionPendingBytes about what compactions have yet to rewrite
 * @param backgroundErrors flushes and compactions that failed, since opening
 * @param stallMicros that writes waited because flushes or compactions did not keep up, since opening
 * @param writesStopped whether writes wait now
 * @param delayedWriteRate bytes a second to which writes are slowed down now; 0 when they are not
 */
public record DatabaseStatistics(
        long fileBytes,
        long liveBytes,
        long memtableBytes,
        long cacheBytes,
        long cachePinnedBytes,
        long cacheHits,
        long cacheMisses,
        long flushedBytes,
        long compactionReadBytes,
        long compactionWrittenBytes,
        long compactionPendingBytes,
        long backgroundErrors,
        long stallMicros,
        boolean writesStopped,
        long delayedWriteRate) {

    /** Registers what a database tells of itself. */
    static void register(Database database, Meters meters) {
        meters.gauge("etcd_mvcc_db_open_read_transactions", "Reads that use the store now.", database::uses);
        meters.gauge(
                "etcd_mvcc_db_total_size_in_bytes",
                "Bytes of the store on disk.",
                () -> database.statistics().sizeBytes());
        meters.gauge(
                "etcd_mvcc_db_total_size_in_use_in_bytes",
                "Bytes of live data on disk.",
                () -> database.statistics().sizeInUseBytes());
    }

    static DatabaseStatistics of(RocksInstance rocks) throws RocksDBException {
        return new DatabaseStatistics(
                rocks.sum("rocksdb.total-sst-files-size"),
                rocks.liveFileBytes(),
                rocks.sum("rocksdb.cur-size-all-mem-tables"),
                rocks.cacheUsage(),
                rocks.cachePinnedUsage(),
                rocks.counter(TickerType.BLOCK_CACHE_HIT),
                rocks.counter(TickerType.BLOCK_CACHE_MISS),
                rocks.counter(TickerType.FLUSH_WRITE_BYTES),
                rocks.counter(TickerType.COMPACT_READ_BYTES),
                rocks.counter(TickerType.COMPACT_WRITE_BYTES),
                rocks.sum("rocksdb.estimate-pending-compaction-bytes"),
                rocks.property("rocksdb.background-errors"),
                rocks.counter(TickerType.STALL_MICROS),
                rocks.property("rocksdb.is-write-stopped") != 0,
                rocks.property("rocksdb.actual-delayed-write-rate"));
    }

    /** What {@link #sizeBytes()} of all the numbers would be; cheap enough for frequent calls. */
    static long sizeBytes(RocksInstance rocks) throws RocksDBException {
        return rocks.sum("rocksdb.total-sst-files-size") + rocks.sum("rocksdb.cur-size-all-mem-tables");
    }

    /** Everything the database takes. */
    public long sizeBytes() {
        return fileBytes + memtableBytes;
    }

    /** About what it would take without anything outdated. */
    public long sizeInUseBytes() {
        return Math.min(liveBytes + memtableBytes, sizeBytes());
    }
}
