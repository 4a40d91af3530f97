package io.quorate.integration.backup;

import io.quorate.backup.store.BackupStore;
import io.quorate.backup.store.StoreLocation;
import io.quorate.base.MonotonicClock;
import io.quorate.fixture.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where members write backups while they are killed: a directory, or the bucket of a real server of S3. Used by one thread. */
final class KillPlace implements AutoCloseable {

    /** Segments have less; so what is larger, or comes in parts, is a full backup. */
    private static final long FULL_BYTES_MIN = 4 << 20;

    private final Path root;
    private final @Nullable S3Server server;
    private final @Nullable Path credentials;

    private KillPlace(Path root, @Nullable S3Server server, @Nullable Path credentials) {
        this.root = root;
        this.server = server;
        this.credentials = credentials;
    }

    static KillPlace directory(Path root) throws IOException {
        return new KillPlace(Files.createDirectories(root), null, null);
    }

    /** @param server is closed with this */
    static KillPlace bucket(Path root, S3Server server) throws IOException {
        server.start();
        return new KillPlace(root, server, server.credentials(root.resolveSibling("credentials")));
    }

    Map<String, String> settings() {
        return server == null
                ? Map.of("backup.to", url())
                : Map.of("backup.to", url(), "backup.credentials-file", String.valueOf(credentials));
    }

    String url() {
        return server == null ? root.toUri().toString() : server.url();
    }

    /** The options of commands that read it. */
    List<String> options() {
        return server == null
                ? List.of("--from=" + url())
                : List.of("--from=" + url(), "--credentials-file=" + credentials);
    }

    BackupStore open() {
        return StoreLocation.open(url(), credentials, MonotonicClock.SYSTEM);
    }

    /** Whether a part of a full backup is there, and not under its name, beside what is known. */
    boolean hasPartOfFull(Set<Path> known) {
        return leftovers().stream().anyMatch(each -> !known.contains(each) && isFull(each));
    }

    private boolean isFull(Path leftover) {
        return server != null || sizeOf(leftover) > FULL_BYTES_MIN;
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException gone) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is not under its name: files of the directory, uploads in parts of the bucket. */
    Set<Path> leftovers() {
        if (server == null) {
            return Set.copyOf(inside(root.resolve(".unfinished")));
        }
        Path uploads = root.resolve("bucket").resolve(".sgwtmp").resolve("multipart");
        return inside(uploads).stream()
                .flatMap(object -> inside(object).stream())
                .collect(Collectors.toSet());
    }

    private static List<Path> inside(Path directory) {
        try (Stream<Path> found = Files.list(directory)) {
            return found.toList();
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes what is left over older, as if so much time had passed; returns it. */
    Set<Path> age(Duration by) {
        Set<Path> aged = leftovers();
        for (Path each : aged) {
            try {
                Files.setLastModifiedTime(each, FileTime.from(Instant.now().minus(by)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return aged;
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
