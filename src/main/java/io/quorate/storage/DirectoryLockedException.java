package io.quorate.storage;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The database is open already, in this process or another. */
public final class DirectoryLockedException extends StorageException {

    private static final long serialVersionUID = 1L;

    public DirectoryLockedException(Path directory, @Nullable Throwable cause) {
        super(
                "The database in '" + directory
                        + "' is in use: its LOCK file is held by another member process, or it was"
                        + " opened twice by this one. Stop the other process, or give each member a data directory of its own.",
                cause);
    }
}
