package io.quorate.assembly;

import io.quorate.apply.ConsistentIndex;
import io.quorate.base.LostLogException;
import io.quorate.node.Bootstrap;
import io.quorate.storage.Database;
import io.quorate.storage.StorageException.StorageCorruptException;

/** Whether the state and the log belong together: a member with a part of either must not take part. */
final class LogCheck {

    private LogCheck() {}

    /**
     * Compares the index of the state with the ends of the log.
     *
     * @throws LostLogException if the log ends below the state
     * @throws StorageCorruptException if the state ends below the log
     */
    static void check(Database database, ConsistentIndex index, Bootstrap.Start start) {
        long last = start.storage().lastIndex();
        if (index.index() > last) {
            throw new LostLogException(
                    "the log ends at index " + last + ", but the state in " + database.directory()
                            + " is that at index " + index.index(),
                    "The log was cut, or is an old copy, or its directory is another one than before: with the right one"
                            + " in place nothing is lost. If it is gone, remove the member from its cluster (etcdctl member"
                            + " remove), set the data directory aside and add it anew.");
        }
        long snapshot = start.snapshot().index();
        if (index.index() < snapshot) {
            throw new StorageCorruptException(
                    database.directory(),
                    "it ends at index " + index.index() + ", but the log begins at " + snapshot,
                    null);
        }
    }
}
