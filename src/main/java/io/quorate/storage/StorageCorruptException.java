package io.quorate.storage;

import io.quorate.base.Curable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What is on disk is not what was written: a checksum does not fit, or a file is missing or cut short. */
public final class StorageCorruptException extends StorageException implements Curable {

    private static final long serialVersionUID = 1L;

    /**
     * @param directory where the database is
     * @param found what is wrong with it, as RocksDB or the check says it
     */
    public StorageCorruptException(Path directory, String found, @Nullable Throwable cause) {
        super("The database in '" + directory + "' is damaged: " + found + ".", cause);
    }

    @Override
    public String cure() {
        return "Keep a copy of the data directory and check the disk. A member of a cluster that repairs itself"
                + " (quorate.repair=auto) is rebuilt from its peers by its next start. Otherwise remove it from the"
                + " cluster, empty its data directory and add it again. As the only member, the copy is all there is:"
                + " this version has no backups to restore.";
    }
}
