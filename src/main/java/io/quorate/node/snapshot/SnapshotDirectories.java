package io.quorate.node.snapshot;

import io.quorate.base.Directories;
import io.quorate.base.Fault;
import io.quorate.base.PrivateFiles;
import io.quorate.node.wal.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lombok.extern.slf4j.Slf4j;

/**
 * Folders with copies of the state: on their way out, on their way in, and received ones that wait to be installed. A
 * received one has the name {@code <term>-<index>.state} and is whole and durable; all others are rubbish after a crash.
 * Any thread.
 */
@Slf4j
public final class SnapshotDirectories {

    private static final Pattern RECEIVED = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})\\.state");
    private static final String UNFINISHED = ".part";

    private final Path directory;
    private final Disk disk;
    private final AtomicLong counter = new AtomicLong();

    /** Removes what a crash left unfinished. */
    public SnapshotDirectories(Path directory) {
        this(directory, Disk.system());
    }

    /** Removes what a crash left unfinished. */
    public SnapshotDirectories(Path directory, Disk disk) {
        this.directory = directory;
        this.disk = disk;
        try {
            PrivateFiles.createDirectories(directory);
            for (Path found : list()) {
                if (found.getFileName().toString().endsWith(UNFINISHED)) {
                    Directories.delete(found);
                }
            }
        } catch (IOException e) {
            throw new Fault("cannot use the folder " + directory + ": " + e.getMessage(), e);
        }
    }

    /** The disk that the folders are on. */
    public Disk disk() {
        return disk;
    }

    /** The path of a new folder, which does not exist yet. */
    public Path unfinished() {
        return directory.resolve("state-" + counter.incrementAndGet() + UNFINISHED);
    }

    /** Makes a folder whose files are durable the received state of an index; durable on return. */
    public void accept(Path unfinished, long term, long index) throws IOException {
        Path target = directory.resolve(name(term, index));
        if (Files.exists(target)) {
            Directories.delete(unfinished); // the same state came before
            return;
        }
        disk.syncDirectory(unfinished);
        disk.rename(unfinished, target);
        disk.syncDirectory(directory);
    }

    /** The folder of a received state that was not installed yet. */
    public Optional<Path> find(long term, long index) {
        return Optional.of(directory.resolve(name(term, index))).filter(Files::exists);
    }

    /** Whether anything was received and not installed. */
    public boolean isEmpty() {
        return list().stream()
                .noneMatch(
                        path -> RECEIVED.matcher(path.getFileName().toString()).matches());
    }

    /** Deletes received states that bring nothing new any more. */
    public void purge(long appliedIndex) {
        for (Path found : list()) {
            Matcher name = RECEIVED.matcher(found.getFileName().toString());
            if (name.matches() && Long.parseUnsignedLong(name.group(2), 16) <= appliedIndex) {
                discard(found);
            }
        }
    }

    /** Deletes a folder; what cannot be deleted now is deleted at the next start. */
    public void discard(Path folder) {
        try {
            Directories.delete(folder);
        } catch (IOException e) {
            log.warn("the folder {} cannot be deleted: {}", folder, e.getMessage());
        }
    }

    private List<Path> list() {
        try (Stream<Path> all = Files.list(directory)) {
            return new ArrayList<>(all.toList());
        } catch (IOException e) {
            throw new Fault("cannot list " + directory + ": " + e.getMessage(), e);
        }
    }

    private static String name(long term, long index) {
        return String.format(Locale.ROOT, "%016x-%016x.state", term, index);
    }
}
