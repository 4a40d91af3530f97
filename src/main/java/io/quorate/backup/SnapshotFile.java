package io.quorate.backup;

import io.quorate.base.Sha256;
import io.quorate.base.Stages;
import io.quorate.bbolt.BboltException;
import io.quorate.bbolt.BboltFile;
import io.quorate.bbolt.FileCheck;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;

/**
 * A snapshot as {@code etcdctl snapshot save} leaves it, with the SHA-256 of its pages behind them, or a bare {@code member/snap/db}, which
 * has none. Used by one thread.
 */
public final class SnapshotFile implements Closeable {

    private static final int DIGEST_BYTES = 32;

    /** Pages, and with them bare databases, are multiples of it. */
    private static final int BLOCK_BYTES = 512;

    private static final int BUFFER_BYTES = 1 << 18;

    private final String name;
    private final BboltFile file;

    private CompletableFuture<Void> verified = CompletableFuture.completedFuture(null);

    private SnapshotFile(String name, BboltFile file) {
        this.name = name;
        this.file = file;
    }

    /**
     * Opens a snapshot and begins to check its digest, which takes a large part of the time that a restore does: the caller reads
     * meanwhile, and must call {@link #verify} before it trusts what it read.
     *
     * @param name what operators know it by
     * @throws SnapshotException if it is no snapshot, or has no digest
     */
    public static SnapshotFile openVerifying(Path path, String name) throws IOException {
        requireDigest(path);
        SnapshotFile opened = open(path, name);
        opened.verified = CompletableFuture.runAsync(() -> {
            try {
                checkDigest(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return opened;
    }

    /**
     * Waits for the check of the digest, if one has begun.
     *
     * @throws SnapshotException if it is that of other bytes
     * @throws UncheckedIOException if the file cannot be read
     */
    public void verify() {
        Stages.join(verified);
    }

    /**
     * Opens a snapshot and checks its digest.
     *
     * @param name what operators know it by
     * @param skipHashCheck accepts one without a digest, and does not look at one that is there; all pages are checked then
     * @throws SnapshotException if it is none, cut, or changed
     * @throws IOException if it cannot be read
     */
    public static SnapshotFile open(Path path, String name, boolean skipHashCheck) throws IOException {
        if (!skipHashCheck) {
            checkDigest(path);
        }
        SnapshotFile opened = open(path, name);
        if (skipHashCheck) {
            opened.closeOnFailure(opened::check);
        }
        return opened;
    }

    /**
     * Opens a snapshot, whether it has a digest or not, and looks at no more than its first pages.
     *
     * @param name what operators know it by, if the file is only a copy: what is wrong with the snapshot is said of that
     * @throws SnapshotException if it is none, or shorter than it says
     */
    public static SnapshotFile open(Path path, String name) throws IOException {
        requireFile(path);
        try {
            return new SnapshotFile(name, BboltFile.open(path));
        } catch (BboltException e) {
            throw new SnapshotException(name + " is no snapshot: " + e.getMessage(), e);
        }
    }

    /** Whether a file has a digest behind its pages, by its length alone. */
    public static boolean hasDigest(Path path) throws IOException {
        return Files.size(path) % BLOCK_BYTES == DIGEST_BYTES;
    }

    /** @throws SnapshotException if there is no digest, or it is that of other bytes */
    public static void checkDigest(Path path) throws IOException {
        requireDigest(path);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long pages = channel.size() - DIGEST_BYTES;
            byte[] found = digest(channel, pages);
            byte[] expected = new byte[DIGEST_BYTES];
            readFully(channel, ByteBuffer.wrap(expected), pages);
            if (!Arrays.equals(found, expected)) {
                HexFormat hex = HexFormat.of();
                throw new SnapshotException("expected sha256 " + hex.formatHex(expected) + " (at offset " + pages
                        + "), got " + hex.formatHex(found) + " of the bytes before: the file was cut or changed");
            }
        }
    }

    private static void requireFile(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new SnapshotException(
                    Files.exists(path) ? path + " is no file" : "stat " + path + ": no such file or directory");
        }
    }

    private static void requireDigest(Path path) throws IOException {
        requireFile(path);
        if (!hasDigest(path)) {
            throw new SnapshotException("snapshot missing hash but --skip-hash-check=false: the file has "
                    + Files.size(path) + " bytes, and whole pages of " + BLOCK_BYTES + " with a SHA-256 of "
                    + DIGEST_BYTES
                    + " behind them are expected; it is a bare database, or it was cut");
        }
    }

    private static byte[] digest(FileChannel channel, long length) throws IOException {
        MessageDigest digest = Sha256.begin();
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, length));
        for (long position = 0; position < length; position += buffer.limit()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), length - position));
            readFully(channel, buffer, position);
            digest.update(buffer.flip());
        }
        return digest.digest();
    }

    private static void readFully(FileChannel channel, ByteBuffer buffer, long position) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("the file became shorter while it was read");
            }
        }
    }

    /** What operators know it by. */
    public String name() {
        return name;
    }

    /** Its pages. */
    public BboltFile file() {
        return file;
    }

    /**
     * Reads all pages.
     *
     * @throws SnapshotException at the first damage, with its offset
     */
    public FileCheck.Report check() {
        try {
            return FileCheck.run(file);
        } catch (BboltException e) {
            throw damaged(e);
        }
    }

    SnapshotException damaged(BboltException e) {
        return new SnapshotException(name + " is damaged " + e.getMessage(), e);
    }

    private void closeOnFailure(Runnable check) throws IOException {
        try {
            check.run();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
