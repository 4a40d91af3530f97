package io.quorate.bootstrap;

import io.quorate.base.PrivateFiles;
import io.quorate.config.BadSettingException;
import io.quorate.storage.StorageException.ForeignDirectoryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import lombok.extern.slf4j.Slf4j;

/** Looks at a data directory before anything is opened in it: what belongs to another program must stay as it is. */
@Slf4j
public final class DataDirectory {

    private static final String MEMBER = "member";

    /** Every file system of its own has one. */
    private static final String LOST_AND_FOUND = "lost+found";

    private static final int NAMES_SHOWN = 3;

    private DataDirectory() {}

    /**
     * Accepts a directory that is missing, empty, or a member's.
     *
     * @throws ForeignDirectoryException if it holds something else, or the data of an etcd
     * @throws BadSettingException if it is a file
     */
    public static void check(Path directory) {
        Path etcd = directory.resolve(MEMBER).resolve("snap").resolve("db");
        if (Files.exists(etcd)) {
            throw new ForeignDirectoryException(
                    directory,
                    "the data of an etcd (member/snap/db). While that is stopped, 'bin/quorate migrate --from="
                            + directory
                            + " --data-dir=NEW' makes the directory of a member of it; this one stays as it is");
        }
        if (!Files.isDirectory(directory)) {
            checkCanBeMade("quorate.data-dir", directory);
            return;
        }
        warnIfLax(directory);
        if (Files.exists(directory.resolve(MEMBER))) {
            return;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            List<String> foreign = entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.equals(LOST_AND_FOUND))
                    .sorted()
                    .limit(NAMES_SHOWN)
                    .toList();
            if (!foreign.isEmpty()) {
                throw new ForeignDirectoryException(directory, String.join(", ", foreign));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the data directory " + directory + " cannot be listed", e);
        }
    }

    /** @throws BadSettingException if it, or what it would be in, is something else than a directory */
    public static void checkCanBeMade(String setting, Path directory) {
        for (Path each = directory.toAbsolutePath(); each != null; each = each.getParent()) {
            if (Files.exists(each)) {
                if (!Files.isDirectory(each)) {
                    throw new BadSettingException(setting, directory, each + " is a file, and a directory is needed");
                }
                return;
            }
        }
    }

    private static void warnIfLax(Path directory) {
        try {
            PrivateFiles.laxness(directory)
                    .ifPresent(permissions -> log.warn(
                            "the data directory {} can be entered by others ({}); what clients wrote is in there, so chmod"
                                    + " it to 700",
                            directory,
                            permissions));
        } catch (IOException e) {
            throw new UncheckedIOException("the data directory " + directory + " cannot be looked at", e);
        }
    }
}
