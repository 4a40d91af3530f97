package io.quorate.storage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ChecksumType;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.Statistics;
import org.rocksdb.StatsLevel;
import org.rocksdb.WriteBufferManager;

/**
 * The native options of one open database, with the reason for every choice, and their owner.
 *
 * <p>What is left at RocksDB's default and relied upon: paranoid checks of files on open and of the order of keys, and
 * consistency checks of the levels; every block read is checked against its checksum.
 *
 * <p>Not used on purpose: listeners (they break the recovery from a full disk in this version of the bindings; the
 * counters are polled instead), a cache with a strict limit (it fails reads), compaction filters in Java (a call into the
 * JVM for every record).
 */
final class NativeOptions implements AutoCloseable {

    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;
    private static final int LEVELS = 7;

    private final Deque<AbstractNativeReference> owned = new ArrayDeque<>();
    private final StorageSettings options;
    private final Cache cache;
    private final @Nullable Statistics statistics;
    private final DBOptions database;

    NativeOptions(StorageSettings options) {
        this.options = options;
        // One bound for all native memory: what the write buffers hold is charged to the cache, and while they are
        // empty
        // their share serves reads. Two shards, because every shard caches on its own and there are two cores.
        this.cache = own(new LRUCache(options.cacheBytes() + options.writeBufferBytes(), 1, false, 0.25));
        this.statistics = options.statistics() ? own(new Statistics()) : null;
        this.database = own(databaseOptions());
    }

    DBOptions database() {
        return database;
    }

    Cache cache() {
        return cache;
    }

    @Nullable
    Statistics statistics() {
        return statistics;
    }

    private DBOptions databaseOptions() {
        WriteBufferManager writeBuffers = own(new WriteBufferManager(options.writeBufferBytes(), cache, false));
        DBOptions result = new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setParanoidChecks(true)
                // The heart of it: with the log off, families may only ever be flushed together.
                .setAtomicFlush(true)
                // Closing flushes by itself, once, before anything is torn down; not again after a failure.
                .setAvoidFlushDuringShutdown(true)
                .setWriteBufferManager(writeBuffers)
                .setMaxOpenFiles(options.maxOpenFiles())
                .setMaxBackgroundJobs(options.backgroundJobs())
                // Large files reach the disk piece by piece, so that the fsync of the raft log does not wait behind
                // them.
                .setBytesPerSync(MIB)
                .setCompactionReadaheadSize(2 * MIB)
                // Start-up reads no file more than it must, and nothing wakes an idle member.
                .setSkipStatsUpdateOnDbOpen(true)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                // RocksDB's own text log, bounded.
                .setMaxLogFileSize(4 * MIB)
                .setKeepLogFileNum(4)
                .setMaxManifestFileSize(16 * MIB);
        if (statistics != null) {
            // Counters only: timers cost a clock call in every read.
            statistics.setStatsLevel(StatsLevel.EXCEPT_DETAILED_TIMERS);
            result.setStatistics(statistics);
        }
        return result;
    }

    /** The options of one family. */
    ColumnFamilyOptions family(Family family) {
        ColumnFamilyOptions result = own(new ColumnFamilyOptions())
                // The flush comes when the budget of all families together is nearly used up; a single family may take
                // half.
                .setWriteBufferSize(Math.max(MIB, options.writeBufferBytes() / 2))
                // Room to go on writing while the flush before is still running; the budget bounds the sum.
                .setMaxWriteBufferNumber(4)
                .setLevelCompactionDynamicLevelBytes(true)
                // No smaller than what may lie unmerged above it, or it is merged for its size alone.
                .setMaxBytesForLevelBase(Math.max(256 * MIB, options.unmergedFiles() * options.writeBufferBytes() / 2))
                .setTargetFileSizeBase(32 * MIB)
                .setCompressionPerLevel(compression(family))
                .setTableFormatConfig(table(family));
        if (family == Family.CURRENT || family == Family.VERSIONS) {
            // Keys come in no order, so every merge rewrites the level below: half as many merges, at the price of up
            // to
            // twice as many young files for a seek to look at, whose indexes are pinned in memory.
            result.setLevel0FileNumCompactionTrigger(options.unmergedFiles());
        }
        if (family.isMetadata()) {
            // Eight families that hold next to nothing: memory in small pieces.
            result.setArenaBlockSize(64 * KIB);
        }
        if (family == Family.CURRENT) {
            // No caller reads a key that the index does not have, so the last level, which holds most keys, needs
            // no
            // filter; the ones above it save a look into files that hold other keys.
            result.setOptimizeFiltersForHits(true);
        }
        return result;
    }

    /**
     * Young files are rewritten soon: compressing them would cost more than it saves. Not those of the history: revisions
     * only rise, its files never overlap, and RocksDB moves them down unread as long as both levels are compressed alike.
     */
    private static List<CompressionType> compression(Family family) {
        List<CompressionType> levels = new ArrayList<>(Collections.nCopies(LEVELS, CompressionType.LZ4_COMPRESSION));
        if (family != Family.HISTORY) {
            levels.set(0, CompressionType.NO_COMPRESSION);
            levels.set(1, CompressionType.NO_COMPRESSION);
        }
        return levels;
    }

    private BlockBasedTableConfig table(Family family) {
        BlockBasedTableConfig result = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setChecksumType(ChecksumType.kXXH3)
                .setFormatVersion(6)
                // Larger than the default of 4 KiB, which would hold three records of 1 KiB: scans are twice as fast,
                // the
                // index is a quarter, and a point read out of the cache costs the same.
                .setBlockSize(16 * KIB)
                // Indexes and filters count against the one bound too, and are the last to be pushed out.
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true);
        if (family == Family.CURRENT) {
            result.setFilterPolicy(own(new BloomFilter(10, false)))
                    .setOptimizeFiltersForMemory(true)
                    .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash)
                    .setDataBlockHashTableUtilRatio(0.75);
        }
        return result;
    }

    private <T extends AbstractNativeReference> T own(T object) {
        owned.push(object);
        return object;
    }

    /** Frees everything, the youngest first. */
    @Override
    public void close() {
        while (!owned.isEmpty()) {
            owned.pop().close();
        }
    }
}
