package io.quorate.storage.springdata;

import io.quorate.storage.StorageSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * The database of a member.
 *
 * @param path Directory of the database; created when missing. A member keeps it in member/db of its data directory if none
 *     is set; elsewhere it is required.
 * @param cacheSize Memory for blocks of the files, with their indexes and filters; at least 1MB.
 * @param writeBufferSize Memory for changes that are not in files yet; at least 1MB. A larger one makes fewer and larger
 *     flushes.
 * @param maxOpenFiles Table files that may be open at the same time; at least 16.
 * @param backgroundJobs Threads for flushes and compactions together; at least 2.
 * @param statistics Whether to count cache hits, flushes and compactions for the metrics; costs about five percent of a
 *     read.
 */
@ConfigurationProperties(prefix = RocksDbSettings.PREFIX, ignoreUnknownFields = false)
public record RocksDbSettings(
        @Nullable String path,
        @DefaultValue("64MB") DataSize cacheSize,
        @DefaultValue("64MB") DataSize writeBufferSize,
        @DefaultValue("512") int maxOpenFiles,
        @DefaultValue("2") int backgroundJobs,
        @DefaultValue("true") boolean statistics) {

    static final String PREFIX = "spring.data.rocksdb";

    private static final DataSize SIZE_MIN = DataSize.ofMegabytes(1);

    public RocksDbSettings {
        check("cache-size", cacheSize, cacheSize.compareTo(SIZE_MIN) >= 0, "must be at least 1MB");
        check("write-buffer-size", writeBufferSize, writeBufferSize.compareTo(SIZE_MIN) >= 0, "must be at least 1MB");
        check("max-open-files", maxOpenFiles, maxOpenFiles >= 16, "must be at least 16");
        check("background-jobs", backgroundJobs, backgroundJobs >= 2, "must be at least 2");
    }

    /** The directory that was set, or another one if none was. */
    public Path directoryOr(Path usual) {
        return path == null || path.isBlank() ? usual : directory();
    }

    /**
     * The directory.
     *
     * @throws InvalidConfigurationPropertyValueException when none was set
     */
    public Path directory() {
        if (path == null || path.isBlank()) {
            throw new InvalidConfigurationPropertyValueException(
                    PREFIX + ".path", path, "the database needs a directory");
        }
        return Path.of(path);
    }

    public StorageSettings options() {
        return StorageSettings.builder()
                .cacheBytes(cacheSize.toBytes())
                .writeBufferBytes(writeBufferSize.toBytes())
                .maxOpenFiles(maxOpenFiles)
                .backgroundJobs(backgroundJobs)
                .statistics(statistics)
                .build();
    }

    private static void check(String name, Object value, boolean valid, String reason) {
        if (!valid) {
            throw new InvalidConfigurationPropertyValueException(PREFIX + "." + name, value, reason);
        }
    }
}
