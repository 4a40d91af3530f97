package io.quorate.repair;

import io.quorate.base.DurableFile;
import io.quorate.base.Fault;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/**
 * The note beside the data of a member that its state is wrong: why, and where the other members are, which that state
 * would tell. The next start rebuilds the state and removes the note. Durable when written.
 */
public record RepairNote(Path file) {

    private static final String NAME = "repair.properties";
    private static final String REASON = "reason";
    private static final String PEER_URLS = "peer-urls";

    /** The note of a data directory, there or not. */
    public static RepairNote in(Path dataDirectory) {
        return new RepairNote(dataDirectory.resolve("member").resolve(NAME));
    }

    public boolean exists() {
        return Files.exists(file);
    }

    /** Writes it, unless there is one: the first reason counts. */
    public void write(String reason, List<String> peerUrls) {
        if (exists()) {
            return;
        }
        Properties content = new Properties();
        content.setProperty(REASON, reason);
        content.setProperty(PEER_URLS, String.join(",", peerUrls));
        try {
            StringWriter text = new StringWriter();
            content.store(text, null);
            DurableFile.replace(file, text.toString());
        } catch (IOException e) {
            throw new Fault("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    public String reason() {
        return read().getProperty(REASON, "not told");
    }

    /** Where the other members were then. */
    public List<String> peerUrls() {
        return List.of(read().getProperty(PEER_URLS).split(","));
    }

    /** The state is right again. */
    public void remove() {
        try {
            DurableFile.delete(file);
        } catch (IOException e) {
            throw new Fault("cannot remove " + file + ": " + e.getMessage(), e);
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
