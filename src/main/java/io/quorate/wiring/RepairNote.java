package io.quorate.wiring;

import io.quorate.base.Fault;
import io.quorate.base.PrivateFiles;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/**
 * The note beside the data of a member that its state is wrong: why, and where the other members are, which that state
 * would tell. The next start rebuilds the state and removes the note. Durable when written.
 */
record RepairNote(Path file) {

    private static final String NAME = "repair.properties";
    private static final String REASON = "reason";
    private static final String PEER_URLS = "peer-urls";

    /** The note of a data directory, there or not. */
    static RepairNote in(Path dataDirectory) {
        return new RepairNote(dataDirectory.resolve("member").resolve(NAME));
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** Writes it, unless there is one: the first reason counts. */
    void write(String reason, List<String> peerUrls) {
        if (exists()) {
            return;
        }
        Properties content = new Properties();
        content.setProperty(REASON, reason);
        content.setProperty(PEER_URLS, String.join(",", peerUrls));
        Path unfinished = file.resolveSibling(NAME + ".tmp");
        try (FileChannel channel = PrivateFiles.open(
                unfinished,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING))) {
            StringWriter text = new StringWriter();
            content.store(text, null);
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            syncDirectory();
        } catch (IOException e) {
            throw new Fault("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    String reason() {
        return read().getProperty(REASON, "not told");
    }

    /** Where the other members were then. */
    List<String> peerUrls() {
        return List.of(read().getProperty(PEER_URLS).split(","));
    }

    /** The state is right again. */
    void remove() {
        try {
            Files.deleteIfExists(file);
            syncDirectory();
        } catch (IOException e) {
            throw new Fault("cannot remove " + file + ": " + e.getMessage(), e);
        }
    }

    private void syncDirectory() throws IOException {
        try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private Properties read() {
        Properties content = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            content.load(reader);
            return content;
        } catch (IOException e) {
            throw new Fault("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
