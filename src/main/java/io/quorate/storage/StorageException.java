package io.quorate.storage;

import io.quorate.base.UnusableException;
import org.jspecify.annotations.Nullable;

/**
 * The state on disk cannot be opened or read. The message says which directory, what was found, and what to do. A failed
 * write is not among these: that is a {@link io.quorate.base.Fault}.
 */
public sealed class StorageException extends UnusableException
        permits DirectoryLockedException, ForeignDirectoryException, NewerFormatException, StorageCorruptException {

    private static final long serialVersionUID = 1L;

    public StorageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
