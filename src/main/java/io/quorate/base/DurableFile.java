package io.quorate.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;

/** Files that are either as they were or as they shall be, whatever crashes. */
public final class DurableFile {

    private DurableFile() {}

    /** Writes a file in place of what had its name; the new content is durable on return. Makes the directory if needed. */
    public static void replace(Path file, String content) throws IOException {
        Path directory = directoryOf(file);
        PrivateFiles.createDirectories(directory);
        Path unfinished = directory.resolve(file.getFileName() + ".tmp");
        try (FileChannel channel = PrivateFiles.open(
                unfinished,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING))) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        move(unfinished, file);
    }

    /** Renames a file or directory, in place of what had that name; the new name is durable on return. */
    public static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        syncDirectory(directoryOf(to));
    }

    /** Deletes a file if it is there; it is durably gone on return. */
    public static void delete(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            syncDirectory(directoryOf(file));
        }
    }

    private static Path directoryOf(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a directory");
    }

    /** Makes durable which names a directory holds. */
    public static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
