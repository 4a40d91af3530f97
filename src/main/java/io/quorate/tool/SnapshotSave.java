package io.quorate.tool;

import io.quorate.backup.SnapshotFile;
import io.quorate.base.DurableFile;
import io.quorate.base.PrivateFiles;
import io.quorate.tool.Tool.ToolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
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

    private final Options options;

    String run() throws IOException {
        String named = options.required("file");
        if (named.equals("-")) {
            Path spooled = Files.createTempFile("quorate-snapshot", ".part");
            try {
                fetch(spooled);
                Files.copy(spooled, System.out);
                System.out.flush();
                return "";
            } finally {
                Files.deleteIfExists(spooled);
            }
        }
        Path part = Path.of(named + ".part");
        try {
            fetch(part);
            DurableFile.move(part, Path.of(named));
            return "Snapshot saved at " + named;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private void fetch(Path file) throws IOException {
        try (ClusterClient cluster = new ClusterClient(options)) {
            fetch(cluster, file);
        }
    }

    /** Fetches a snapshot, durable and with its checksum compared. */
    static void fetch(ClusterClient cluster, Path file) throws IOException {
        try (FileChannel channel = PrivateFiles.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING))) {
            cluster.stream("/v3/maintenance/snapshot", "{}", part -> write(channel, part));
            channel.force(true);
        }
        SnapshotFile.checkDigest(file);
    }

    private static void write(FileChannel channel, Map<String, Object> part) throws IOException {
        if (!(part.get("result") instanceof Map<?, ?> result)) {
            Object error = part.get("error") instanceof Map<?, ?> named ? named.get("message") : part;
            throw new ToolException("the member ended the snapshot: " + error);
        }
        String blob = Objects.toString(result.get("blob"), "");
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(blob));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
