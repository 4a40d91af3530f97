package io.quorate.storage;

import io.quorate.base.Fault.Curable;
import io.quorate.base.UnusableException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The state on disk cannot be opened or read. The message says which directory, what was found, and what to do. A failed
 * write is not among these: that is a {@link io.quorate.base.Fault}.
 */
public sealed class StorageException extends UnusableException {

    private static final long serialVersionUID = 1L;

    public StorageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The database is open already, in this process or another. */
    public static final class DirectoryLockedException extends StorageException {

        private static final long serialVersionUID = 1L;

        public DirectoryLockedException(Path directory, @Nullable Throwable cause) {
            super(
                    "The database in '" + directory
                            + "' is in use: its LOCK file is held by another member process, or it was"
                            + " opened twice by this one. Stop the other process, or give each member a data directory of its own.",
                    cause);
        }
    }

    /** The database was written by a later version of Quorate, whose layout this version does not know. */
    public static final class NewerFormatException extends StorageException {

        private static final long serialVersionUID = 1L;

        public NewerFormatException(Path directory, int found, int known) {
            super(
                    "The database in '" + directory + "' has format " + found
                            + ", and this version of Quorate knows formats up to " + known
                            + ". Nothing was changed. Start this member with the version that wrote it, or a later one.",
                    null);
        }
    }

    /** The directory holds something that is not a database of Quorate; it is left untouched. */
    public static final class ForeignDirectoryException extends StorageException {

        private static final long serialVersionUID = 1L;

        /**
         * @param directory where the database should be
         * @param found what is there instead, as the rest of a sentence that begins with "it holds"
         */
        public ForeignDirectoryException(Path directory, String found) {
            super(
                    "'" + directory + "' is not a database of Quorate: it holds " + found
                            + ". Nothing was changed. Point the data directory of this member somewhere else, or move what is there"
                            + " away.",
                    null);
        }
    }

    /** What is on disk is not what was written: a checksum does not fit, or a file is missing or cut short. */
    public static final class StorageCorruptException extends StorageException implements Curable {

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
}
