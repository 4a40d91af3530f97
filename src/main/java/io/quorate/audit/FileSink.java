package io.quorate.audit;

import io.quorate.base.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lines in a file that only its owner can read. At a size it is renamed to the same name with {@code .1} behind it, the one that
 * has that name to {@code .2}, and so on, and the last one goes. Lines are with the operating system, but not synced.
 */
public final class FileSink implements AuditSink {

    private final Path file;
    private final long sizeMax;
    private final int kept;
    private @Nullable FileChannel channel;

    /**
     * @param sizeMax size that a file does not pass, unless one batch of lines is larger
     * @param kept how many renamed files there are at most
     */
    public FileSink(Path file, long sizeMax, int kept) {
        this.file = file;
        this.sizeMax = sizeMax;
        this.kept = kept;
    }

    /** Opens the file, so that a place where there can be none is known at once. */
    public void open() throws IOException {
        opened();
    }

    @Override
    public void write(byte[] lines) throws IOException {
        FileChannel out = opened();
        long size = out.size();
        if (size > 0 && size + lines.length > sizeMax) {
            rotate();
            out = opened();
            size = out.size();
        }
        try {
            ByteBuffer rest = ByteBuffer.wrap(lines);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
        } catch (IOException full) {
            withdraw(out, size, full);
            throw full;
        }
    }

    /** A line that is there in part would spoil the next one. */
    private void withdraw(FileChannel out, long size, IOException cause) {
        try {
            out.truncate(size);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        try {
            close(); // the next attempt opens whatever is there then
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private FileChannel opened() throws IOException {
        FileChannel current = channel;
        if (current == null) {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                PrivateFiles.createDirectories(directory);
            }
            current = PrivateFiles.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND));
            channel = current;
        }
        return current;
    }

    private void rotate() throws IOException {
        close();
        if (kept == 0) {
            Files.delete(file);
            return;
        }
        for (int number = kept; number > 1; number--) {
            Path younger = numbered(number - 1);
            if (Files.exists(younger)) {
                Files.move(younger, numbered(number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(file, numbered(1), StandardCopyOption.REPLACE_EXISTING);
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        FileChannel current = channel;
        channel = null;
        if (current != null) {
            current.close();
        }
    }
}
