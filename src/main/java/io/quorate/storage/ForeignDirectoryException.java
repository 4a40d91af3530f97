package io.quorate.storage;

import java.nio.file.Path;

/** The directory holds something that is not a database of Quorate; it is left untouched. */
public final class ForeignDirectoryException extends StorageException {

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
