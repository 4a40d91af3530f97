package io.quorate.repair;

import io.quorate.base.Directories;
import io.quorate.base.DurableFile;
import io.quorate.base.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A database that is wrong, kept beside its place until the right state is there. */
public record DamagedState(Path database, Path aside) {

    public static DamagedState of(Path database) {
        return new DamagedState(database, database.resolveSibling(database.getFileName() + ".damaged"));
    }

    /** Makes room for an empty one. What a rebuild that was cut short has left in its place is of no use. */
    public void setAside() {
        try {
            if (Files.exists(aside)) {
                Directories.delete(database);
            } else if (Files.exists(database)) {
                DurableFile.move(database, aside);
            }
        } catch (IOException e) {
            throw new Fault("cannot set the damaged database aside: " + e.getMessage(), e);
        }
    }

    /** The right state is there. */
    public void discard() {
        try {
            Directories.delete(aside);
        } catch (IOException e) {
            throw new Fault("cannot delete " + aside + ": " + e.getMessage(), e);
        }
    }
}
