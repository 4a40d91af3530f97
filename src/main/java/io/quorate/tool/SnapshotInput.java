package io.quorate.tool;

import io.quorate.base.PrivateFiles;
import io.quorate.tool.Tool.ToolException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** The snapshot that an option names. From standard input or compressed by gzip it goes to a temporary file, for it is read back and forth. */
final class SnapshotInput implements Closeable {

    private static final String STANDARD_INPUT = "-";
    private static final int MAGIC_BYTES = 4;
    private static final String ZSTD = "28b52ffd";
    private static final String GZIP = "1f8b";

    private final Path path;
    private final boolean temporary;

    private SnapshotInput(Path path, boolean temporary) {
        this.path = path;
        this.temporary = temporary;
    }

    static SnapshotInput of(Options options) throws IOException {
        String named = options.required("file");
        SnapshotInput raw = named.equals(STANDARD_INPUT)
                ? new SnapshotInput(spool(System.in), true)
                : new SnapshotInput(Path.of(named), false);
        try {
            return raw.unpacked(named);
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    private SnapshotInput unpacked(String named) throws IOException {
        String magic = magic();
        if (magic.equals(ZSTD)) {
            throw new ToolException(named + " is compressed with zstd: unpack it first, as with zstd -d");
        }
        if (!magic.startsWith(GZIP)) {
            return this;
        }
        try (this;
                InputStream packed = new GZIPInputStream(Files.newInputStream(path))) {
            return new SnapshotInput(spool(packed), true);
        }
    }

    private String magic() throws IOException {
        if (!Files.isRegularFile(path)) {
            return "";
        }
        try (InputStream file = Files.newInputStream(path)) {
            return HexFormat.of().formatHex(file.readNBytes(MAGIC_BYTES));
        }
    }

    private static Path spool(InputStream from) throws IOException {
        Path file = Files.createTempFile("quorate-snapshot", ".db");
        try (FileChannel channel = PrivateFiles.open(file, Set.of(StandardOpenOption.WRITE))) {
            from.transferTo(Channels.newOutputStream(channel));
            return file;
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
