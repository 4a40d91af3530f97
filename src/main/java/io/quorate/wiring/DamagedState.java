package io.quorate.wiring;

import io.quorate.base.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.springframework.util.FileSystemUtils;

/** A database that is wrong, kept beside its place until the right state is there. */
record DamagedState(Path database, Path aside) {

    static DamagedState of(Path database) {
        return new DamagedState(database, database.resolveSibling(database.getFileName() + ".damaged"));
    }

    /** Makes room for an empty one. What a rebuild that was cut short has left in its place is of no use. */
    void setAside() {
        try {
            if (Files.exists(aside)) {
                FileSystemUtils.deleteRecursively(database);
            } else if (Files.exists(database)) {
                Files.move(database, aside, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new Fault("cannot set the damaged database aside: " + e.getMessage(), e);
        }
    }

    /** The right state is there. */
    void discard() {
        try {
            FileSystemUtils.deleteRecursively(aside);
        } catch (IOException e) {
            throw new Fault("cannot delete " + aside + ": " + e.getMessage(), e);
        }
    }
}
