package io.quorate.storage;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What is on disk is not what was written: a checksum does not fit, or a file is missing or cut short. */
public final class StorageCorruptException extends StorageException {

    private static final long serialVersionUID = 1L;

    /**
     * @param directory where the database is
     * @param found what is wrong with it, as RocksDB or the check says it
     */
    public StorageCorruptException(Path directory, String found, @Nullable Throwable cause) {
        super(
                "The database in '" + directory + "' is damaged: " + found
                        + ". Check the disk; then remove this member from the cluster, remove its data directory, and add it again,"
                        + " so that it is rebuilt from its peers.",
                cause);
    }
}
