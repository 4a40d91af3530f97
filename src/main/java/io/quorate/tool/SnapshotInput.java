package io.quorate.tool;

import io.quorate.base.PrivateFiles;
import io.quorate.tool.Tool.ToolException;
import io.quorate.zstd.Zstd;
import io.quorate.zstd.ZstdException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The snapshot that an option names. From standard input, or compressed by gzip or Zstandard, it goes unpacked to a temporary file, for it
 * is read back and forth.
 */
final class SnapshotInput implements Closeable {

    private static final String STANDARD_INPUT = "-";
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};

    private final Path path;
    private final boolean temporary;

    private SnapshotInput(Path path, boolean temporary) {
        this.path = path;
        this.temporary = temporary;
    }

    /** The state of a running etcd, in a temporary file of a directory. */
    static SnapshotInput fetched(SourceEtcd source, Path directory) throws IOException {
        SnapshotInput fetched = new SnapshotInput(Files.createTempFile(directory, "quorate-follow", ".db"), true);
        try {
            source.snapshot(fetched.path);
            return fetched;
        } catch (IOException | RuntimeException e) {
            fetched.close();
            throw e;
        }
    }

    static SnapshotInput of(Options options) throws IOException {
        String named = options.required("file");
        if (named.equals(STANDARD_INPUT)) {
            return spooled(named, new BufferedInputStream(System.in));
        }
        Path file = Path.of(named);
        if (!Files.isRegularFile(file)) {
            return new SnapshotInput(file, false); // refused by its reader, in etcd's words
        }
        try (BufferedInputStream content = new BufferedInputStream(Files.newInputStream(file))) {
            byte[] first = first(content);
            return isZstd(first) || isGzip(first) ? spooled(named, content) : new SnapshotInput(file, false);
        }
    }

    private static boolean isZstd(byte[] first) {
        return Zstd.isMagic(first);
    }

    private static boolean isGzip(byte[] first) {
        return Arrays.equals(GZIP, Arrays.copyOf(first, GZIP.length));
    }

    private static byte[] first(BufferedInputStream content) throws IOException {
        content.mark(Zstd.MAGIC_BYTES);
        byte[] first = content.readNBytes(Zstd.MAGIC_BYTES);
        content.reset();
        return first;
    }

    private static SnapshotInput spooled(String named, BufferedInputStream content) throws IOException {
        byte[] first = first(content);
        try {
            if (isZstd(first)) {
                return spooled(Zstd.unpack(content));
            }
            return spooled(isGzip(first) ? new GZIPInputStream(content) : content);
        } catch (ZstdException | ZipException | EOFException e) {
            throw new ToolException(named + " cannot be unpacked: " + e.getMessage());
        }
    }

    private static SnapshotInput spooled(InputStream from) throws IOException {
        Path file = Files.createTempFile("quorate-snapshot", ".db");
        try (FileChannel channel = PrivateFiles.open(file, Set.of(StandardOpenOption.WRITE))) {
            from.transferTo(Channels.newOutputStream(channel));
            return new SnapshotInput(file, true);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        if (temporary) {
            Files.deleteIfExists(path);
        }
    }
}
