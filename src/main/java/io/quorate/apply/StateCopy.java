package io.quorate.apply;

import io.quorate.base.Fault;
import io.quorate.raft.ConfState;
import io.quorate.raft.Snapshot;
import io.quorate.storage.Database;
import io.quorate.storage.StorageSettings;
import java.nio.file.Path;

/** Copies the state for a member that lags behind the log, while entries are applied and reads go on. */
public final class StateCopy {

    private StateCopy() {}

    /**
     * Writes a copy of the state of some moment during the call into a folder, whose files are mostly hard links.
     *
     * @param target must not exist
     * @return what the copy contains: index, term and configuration, read from the copy itself
     */
    public static Snapshot take(Database database, Path target) {
        database.checkpoint(target);
        Database copy = Database.open(target, StorageSettings.DEFAULTS);
        try {
            ConsistentIndex index = new ConsistentIndex(copy);
            ConfState confState = StoredConfState.load(copy);
            if (confState == null) {
                throw new Fault("the state at index " + index.index() + " does not say who its members are");
            }
            return new Snapshot(index.index(), index.term(), confState, new byte[0]);
        } finally {
            copy.closeWithoutFlush();
        }
    }
}
