package io.quorate.base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Objects;

/** Words for failures of files, path and reason: messages of the platform often have only one of them. */
public final class FileFailure {

    private FileFailure() {}

    /** What happened, without the name of a class unless there is nothing else. */
    public static String describe(Throwable failure) {
        return switch (failure) {
            case UncheckedIOException wrapped -> describe(Objects.requireNonNull(wrapped.getCause(), "has a cause"));
            case NoSuchFileException missing -> withReason(missing, "no such file or directory");
            case AccessDeniedException denied -> withReason(denied, "permission denied");
            case NotDirectoryException other -> withReason(other, "is no directory");
            case DirectoryNotEmptyException full -> withReason(full, "is not empty");
            case FileAlreadyExistsException existing -> withReason(existing, "exists already");
            default -> Objects.toString(failure.getMessage(), failure.getClass().getSimpleName());
        };
    }

    private static String withReason(FileSystemException failure, String usual) {
        String message = String.valueOf(failure.getMessage());
        return failure.getReason() == null ? message + ": " + usual : message;
    }

    /** The same failure with the path in its message; one that names a path stays as it is. */
    public static IOException at(Path path, IOException failure) {
        String message = describe(failure);
        return failure instanceof FileSystemException || message.contains(path.toString())
                ? failure
                : new IOException(path + ": " + message, failure);
    }
}
