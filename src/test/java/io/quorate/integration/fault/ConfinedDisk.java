package io.quorate.integration.fault;

import io.quorate.fixture.SystemCommand;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A small file system in memory, so that it can be full without harm to anybody else. */
final class ConfinedDisk implements AutoCloseable {

    private static final String PREFIX = "quorate-fault-";
    private static final Pattern OWNED = Pattern.compile(" (\\S*/" + PREFIX + "(\\d+)-\\d+) ");
    private static final Path MOUNTS = Path.of("/proc/self/mounts");
    private static final int CHUNK_BYTES = 1 << 20;

    private final Path directory;

    /**
     * @param number of the member
     * @param size as mount takes it
     */
    ConfinedDisk(int number, String size) {
        directory = Path.of(
                System.getProperty("java.io.tmpdir"),
                PREFIX + ProcessHandle.current().pid() + "-" + number);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SystemCommand.run("mount", "-t", "tmpfs", "-o", "size=" + size, "quorate-fault", directory.toString());
    }

    /** Why there can be none here; empty if there can. */
    static Optional<String> obstacle() {
        Path probe = Path.of(System.getProperty("java.io.tmpdir"));
        SystemCommand tried = SystemCommand.attempt(List.of(
                "unshare", "--mount", "mount", "-t", "tmpfs", "-o", "size=1m", "quorate-fault", probe.toString()));
        return tried.exitCode() == 0 ? Optional.empty() : Optional.of("no mounts: " + tried.output());
    }

    Path directory() {
        return directory;
    }

    /** Takes all the room that is left. */
    void fill() {
        byte[] chunk = new byte[CHUNK_BYTES];
        try (OutputStream filler = Files.newOutputStream(filler())) {
            while (directory.toFile().getUsableSpace() > 0) {
                filler.write(
                        chunk,
                        0,
                        Math.toIntExact(
                                Math.min(chunk.length, directory.toFile().getUsableSpace())));
            }
        } catch (IOException full) {
            requireFull(full); // the member took the last room between the question and the write
        }
    }

    private void requireFull(IOException cause) {
        if (directory.toFile().getUsableSpace() > 0) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Gives the room back. */
    void free() {
        try {
            Files.deleteIfExists(filler());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path filler() {
        return directory.resolve("filler");
    }

    @Override
    public void close() {
        remove(directory);
    }

    /** Removes what runs left behind that no longer are. */
    static void removeLeftovers() {
        try {
            for (MatchResult mount :
                    OWNED.matcher(Files.readString(MOUNTS)).results().toList()) {
                if (ProcessHandle.of(Long.parseLong(mount.group(2))).isEmpty()) {
                    remove(Path.of(mount.group(1)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path directory) {
        SystemCommand.run("umount", "--lazy", directory.toString());
        try {
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
