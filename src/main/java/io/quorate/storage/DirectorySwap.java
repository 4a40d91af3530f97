package io.quorate.storage;

import io.quorate.base.Directories;
import io.quorate.base.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
            DurableFile.move(aside, directory);
        }
    }

    void replaceWith(Path replacement) throws IOException {
        DurableFile.move(directory, aside);
        DurableFile.move(replacement, directory);
    }

    /** Removes what was replaced. */
    private void finish() throws IOException {
        Directories.delete(aside);
    }
}
