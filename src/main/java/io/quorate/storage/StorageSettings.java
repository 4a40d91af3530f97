package io.quorate.storage;

import lombok.Builder;
import lombok.With;

/**
 * How much memory, and how many files, a database may use. The bound on native memory is {@code cacheBytes +
 * writeBufferBytes}, plus a few MiB for RocksDB itself.
 *
 * @param cacheBytes for blocks of the files, with their indexes and filters; at least 1 MiB
 * @param writeBufferBytes for changes that were not flushed yet, over all families; at least 1 MiB. A larger one makes fewer
 *     and larger flushes, and leaves more of the raft log to replay after a crash
 * @param maxOpenFiles how many table files may be open at once; at least 16
 * @param backgroundJobs threads for flushes and compactions together; at least 2
 * @param unmergedFiles of a family whose keys come in no order, before they are merged; fewer make seeks cheaper, more make writes cheaper;
 *     at least 2
 * @param statistics whether to count, for the metrics, how often a block was found in the cache
 */
@Builder
@With
public record StorageSettings(
        long cacheBytes,
        long writeBufferBytes,
        int maxOpenFiles,
        int backgroundJobs,
        int unmergedFiles,
        boolean statistics) {

    private static final long MIB = 1 << 20;

    /** For a member on two cores with little memory: 64 MiB each of cache and write buffers, 512 files, two jobs, 8 unmerged files. */
    public static final StorageSettings DEFAULTS = new StorageSettings(64 * MIB, 64 * MIB, 512, 2, 8, true);

    public StorageSettings {
        atLeast("cacheBytes", cacheBytes, MIB);
        atLeast("writeBufferBytes", writeBufferBytes, MIB);
        atLeast("maxOpenFiles", maxOpenFiles, 16);
        atLeast("backgroundJobs", backgroundJobs, 2);
        atLeast("unmergedFiles", unmergedFiles, 2);
    }

    /** A builder that starts from {@link #DEFAULTS}. */
    public static StorageSettingsBuilder builder() {
        return new StorageSettingsBuilder()
                .cacheBytes(DEFAULTS.cacheBytes)
                .writeBufferBytes(DEFAULTS.writeBufferBytes)
                .maxOpenFiles(DEFAULTS.maxOpenFiles)
                .backgroundJobs(DEFAULTS.backgroundJobs)
                .unmergedFiles(DEFAULTS.unmergedFiles)
                .statistics(DEFAULTS.statistics);
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException("'" + name + "' must be at least " + least + ", not " + value);
        }
    }
}
