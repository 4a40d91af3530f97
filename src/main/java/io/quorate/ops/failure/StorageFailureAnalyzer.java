package io.quorate.ops.failure;

import io.quorate.storage.StorageException;
import io.quorate.storage.StorageException.DirectoryLockedException;
import io.quorate.storage.StorageException.ForeignDirectoryException;
import io.quorate.storage.StorageException.NewerFormatException;
import io.quorate.storage.StorageException.StorageCorruptException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** A data directory that is in use, belongs to something else, or is damaged. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class StorageFailureAnalyzer extends AbstractFailureAnalyzer<StorageException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, StorageException cause) {
        return new FailureAnalysis(cause.getMessage(), action(cause), cause);
    }

    private static String action(StorageException cause) {
        return switch (cause) {
            case DirectoryLockedException locked ->
                "Stop the process that uses it, or give this member a directory of its own with quorate.data-dir.";
            case ForeignDirectoryException foreign ->
                "Point quorate.data-dir at an empty directory or at this member's own.";
            case NewerFormatException newer -> "Start the version of Quorate that wrote it, or a later one.";
            case StorageCorruptException corrupt -> Rebuild.ACTION;
            case StorageException other -> "Check quorate.data-dir and the disk it is on.";
        };
    }
}
