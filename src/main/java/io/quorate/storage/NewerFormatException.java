package io.quorate.storage;

import java.nio.file.Path;

/** The database was written by a later version of Quorate, whose layout this version does not know. */
public final class NewerFormatException extends StorageException {

    private static final long serialVersionUID = 1L;

    public NewerFormatException(Path directory, int found, int known) {
        super(
                "The database in '" + directory + "' has format " + found
                        + ", and this version of Quorate knows formats up to " + known
                        + ". Nothing was changed. Start this member with the version that wrote it, or a later one.",
                null);
    }
}
