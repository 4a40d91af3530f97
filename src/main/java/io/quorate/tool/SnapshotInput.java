package io.quorate.tool;

import io.quorate.backup.SnapshotFile;
import io.quorate.base.FileFailure;
import io.quorate.base.PrivateFiles;
import io.quorate.bbolt.BboltException;
import io.quorate.bbolt.BboltFile;
import io.quorate.tool.Tool.ToolException;
import io.quorate.zstd.Zstd;
import io.quorate.zstd.ZstdException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
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

    /** Behind the pages there is a digest, or in a bare database room to grow, which etcd takes 16 MiB at a time. */
    private static final long TRAILER_BYTES_MAX = 32L << 20;

    private static final int PART_BYTES = 1 << 20;
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};

    private final Path path;
    private final String name;
    private final boolean temporary;

    private SnapshotInput(Path path, String name, boolean temporary) {
        this.path = path;
        this.name = name;
        this.temporary = temporary;
    }

    /** The state of a running etcd, in a temporary file of a directory. */
    static SnapshotInput fetched(SourceEtcd source, Path directory) throws IOException {
        SnapshotInput fetched =
                new SnapshotInput(ScratchFile.create(directory, "follow"), "the snapshot of the etcd", true);
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
            return spooled("standard input", new BufferedInputStream(System.in));
        }
        Path file = Path.of(named);
        if (!Files.isRegularFile(file)) {
            return new SnapshotInput(file, named, false); // refused by its reader, in etcd's words
        }
        try (BufferedInputStream content = new BufferedInputStream(Files.newInputStream(file))) {
            byte[] first = first(content);
            return isZstd(first) || isGzip(first) ? spooled(named, content) : new SnapshotInput(file, named, false);
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
                return spooled(named, Zstd.unpack(content));
            }
            return spooled(named, isGzip(first) ? new GZIPInputStream(content) : content);
        } catch (ZstdException | ZipException e) {
            throw new ToolException(named + " cannot be unpacked: " + e.getMessage());
        } catch (EOFException e) {
            throw new ToolException(named + " cannot be unpacked: it was cut");
        }
    }

    /** What is no snapshot is refused by its first bytes, and what is too long before it has filled the disk. */
    private static SnapshotInput spooled(String named, InputStream from) throws IOException {
        byte[] beginning = from.readNBytes(BboltFile.BEGINNING_BYTES);
        long bytesMax = announced(named, beginning) + TRAILER_BYTES_MAX;
        Path file = ScratchFile.create(ScratchFile.usualDirectory(), "snapshot");
        SnapshotInput spooled = new SnapshotInput(file, named, true);
        try (FileChannel channel = PrivateFiles.open(file, Set.of(StandardOpenOption.WRITE))) {
            Spool spool = new Spool(file, channel);
            byte[] part = Arrays.copyOf(beginning, Math.max(PART_BYTES, beginning.length));
            int length = beginning.length;
            for (long bytes = length; length > 0; bytes += length) {
                if (bytes > bytesMax) {
                    throw new ToolException(named + " is no snapshot: more than " + bytesMax
                            + " bytes come, but its first page announces fewer");
                }
                spool.write(part, length);
                length = from.readNBytes(part, 0, part.length);
            }
            return spooled;
        } catch (IOException | RuntimeException e) {
            spooled.close();
            throw e;
        }
    }

    private static long announced(String named, byte[] beginning) throws IOException {
        try {
            return BboltFile.announcedBytes(beginning);
        } catch (BboltException e) {
            throw new ToolException(named + " is no snapshot: " + e.getMessage());
        }
    }

    /** A failure names the file here, so that it is not taken for one of what is read. */
    private record Spool(Path file, FileChannel channel) {

        void write(byte[] part, int length) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(part, 0, length);
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException e) {
                throw FileFailure.at(file, e);
            }
        }
    }

    /** Opens it and looks at no more than its first pages. */
    SnapshotFile open() throws IOException {
        return SnapshotFile.open(path, name);
    }

    /** Opens it and checks its digest, or without one all pages. */
    SnapshotFile open(boolean skipHashCheck) throws IOException {
        return SnapshotFile.open(path, name, skipHashCheck);
    }

    /** Opens it while its digest is being checked. */
    SnapshotFile openVerifying() throws IOException {
        return SnapshotFile.openVerifying(path, name);
    }

    @Override
    public void close() throws IOException {
        if (temporary) {
            Files.deleteIfExists(path);
        }
    }
}
