package io.quorate.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts one directory in the place of another so that a crash leaves either of them. Two renames are not one, hence the
 * order: the old one moves aside, the new one moves in, the old one is removed. Found after a crash, "aside but nothing in
 * its place" means that the swap did not happen, and "aside and something in its place" that it did.
 */
final class DirectorySwap {

    private final Path directory;
    private final Path aside;

    DirectorySwap(Path directory) {
        this.directory = directory.toAbsolutePath();
        this.aside = this.directory.resolveSibling(this.directory.getFileName() + ".replaced");
    }

    /** Brings a swap that a crash cut short to one of its two ends. */
    void recover() throws IOException {
        if (Files.notExists(aside)) {
            return;
        }
        if (Files.exists(directory)) {
            finish();
        } else {
            move(aside, directory);
        }
    }

    void replaceWith(Path replacement) throws IOException {
        move(directory, aside);
        move(replacement, directory);
    }

    /** Removes what was replaced. */
    private void finish() throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(aside)) {
            files = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        Path parent = to.getParent();
        if (parent != null) {
            try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
