package io.quorate.integration.rest;

import io.quorate.fixture.HttpReply;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** Reads server-sent events, as the standard has it. */
final class EventReader implements AutoCloseable {

    private final BufferedReader lines;
    private String lastId = "";

    EventReader(InputStream stream) {
        lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    /** An event; {@code id} is the last one seen. */
    record Event(String name, String id, JsonNode data) {}

    /** Waits for the next event; comments are passed over. */
    Event next() {
        String name = "message";
        String data = "";
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    if (!data.isEmpty()) {
                        return new Event(name, lastId, HttpReply.parse(data));
                    }
                } else if (line.startsWith("id: ")) {
                    lastId = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("the stream has ended");
    }

    /** Waits for the next event that tells of a change. */
    Event change() {
        Event event = next();
        while (event.name().equals("ready") || event.name().equals("progress")) {
            event = next();
        }
        return event;
    }

    /** The id behind which a client would go on. */
    String lastId() {
        return lastId;
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
