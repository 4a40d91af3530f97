package io.quorate.tool;

import io.quorate.backup.SnapshotFile;
import io.quorate.base.DurableFile;
import io.quorate.base.FileFailure;
import io.quorate.base.PrivateFiles;
import io.quorate.base.UnclosedOutput;
import io.quorate.tool.Tool.ToolException;
import io.quorate.zstd.Zstd;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import lombok.RequiredArgsConstructor;

/** Fetches a snapshot of a running member into a file, which has its name only when it is whole and durable. */
@RequiredArgsConstructor
final class SnapshotSave {

    private static final String PART = ".part";
    private static final String ZSTD = "zstd";

    private final Options options;

    String run() throws IOException {
        String named = options.required("file");
        boolean packed = isPacked(named);
        if (named.equals("-")) {
            Path spooled = ScratchFile.create(ScratchFile.usualDirectory(), "save");
            try {
                fetch(spooled);
                copy(spooled, new StandardOutput(), packed);
                return "";
            } finally {
                Files.deleteIfExists(spooled);
            }
        }
        requireReplaceable(named);
        Path part = Path.of(named + PART);
        Path whole = packed ? Path.of(named + ".packed" + PART) : part;
        try {
            fetch(part);
            if (packed) {
                pack(part, whole);
            }
            DurableFile.move(whole, Path.of(named));
            return "Snapshot saved at " + named;
        } finally {
            Files.deleteIfExists(part);
            Files.deleteIfExists(whole);
        }
    }

    /** The new file takes the place of what has its name: a device, a pipe or a directory would be gone. */
    private static void requireReplaceable(String named) {
        Path file = Path.of(named);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new ToolException(named + " is there, and is no file; for standard output write - in its place");
        }
    }

    private boolean isPacked(String named) {
        String packing = options.optional("compress").orElse(named.endsWith(".zst") ? ZSTD : "none");
        if (!packing.equals(ZSTD) && !packing.equals("none")) {
            throw new ToolException("--compress=" + packing + " is neither zstd nor none.");
        }
        return packing.equals(ZSTD);
    }

    /** Durable on return. */
    private static void pack(Path file, Path target) throws IOException {
        try (FileChannel channel = create(target);
                OutputStream bytes = Channels.newOutputStream(channel)) {
            copy(file, bytes, true);
            channel.force(true);
        } catch (IOException e) {
            throw FileFailure.at(target, e);
        }
    }

    /** Leaves the target open. */
    private static void copy(Path file, OutputStream target, boolean packed) throws IOException {
        if (packed) {
            OutputStream frame = Zstd.pack(new UnclosedOutput(target));
            Files.copy(file, frame);
            frame.close();
        } else {
            Files.copy(file, target);
        }
        target.flush();
    }

    private static FileChannel create(Path file) throws IOException {
        return PrivateFiles.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING));
    }

    private void fetch(Path file) throws IOException {
        try (ClusterClient cluster = new ClusterClient(options)) {
            fetch(cluster, file);
        }
    }

    /** Fetches a snapshot, durable and with its checksum compared. */
    static void fetch(ClusterClient cluster, Path file) throws IOException {
        try (FileChannel channel = create(file)) {
            cluster.stream("/v3/maintenance/snapshot", "{}", part -> write(file, channel, blob(part)));
            channel.force(true);
        }
        SnapshotFile.checkDigest(file);
    }

    private static byte[] blob(Map<String, Object> part) {
        if (!(part.get("result") instanceof Map<?, ?> result)) {
            Object error = part.get("error") instanceof Map<?, ?> named ? named.get("message") : part;
            throw new ToolException("the member ended the snapshot: " + error);
        }
        return Base64.getDecoder().decode(Objects.toString(result.get("blob"), ""));
    }

    private static void write(Path file, FileChannel channel, byte[] blob) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(blob);
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw FileFailure.at(file, e);
        }
    }
}
