package io.quorate.api.console;

import io.quorate.base.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of the console, by name. Immutable. */
final class ConsoleFiles {

    /** What is served. A file that is not in this list does not exist, so no path leads anywhere else. */
    static final List<String> NAMES = List.of(
            "index.html",
            "icon.svg",
            "look.css",
            "parts.css",
            "app.js",
            "api.js",
            "bytes.js",
            "dom.js",
            "dialog.js",
            "events.js",
            "session.js",
            "shell.js",
            "keys.js",
            "tree.js",
            "json.js",
            "key.js",
            "editor.js",
            "diff.js",
            "history.js",
            "watch.js",
            "leases.js",
            "past.js",
            "kubernetes.js",
            "locks.js",
            "transfer.js",
            "csv.js",
            "find.js",
            "selection.js",
            "yaml.js",
            "calls.js",
            "settings.js",
            "metrics.js",
            "cluster.js",
            "access.js");

    private static final String INDEX = "index.html";
    private static final int TAG_BYTES = 16;

    private final Map<String, ConsoleFile> files;

    /**
     * A file.
     *
     * @param type as {@code Content-Type}
     * @param tag as {@code ETag}, of the content
     */
    record ConsoleFile(String type, String tag, ByteBuffer content) {

        static ConsoleFile of(String name, byte[] content) {
            return new ConsoleFile(
                    typeOf(name), tagOf(content), ByteBuffer.wrap(content).asReadOnlyBuffer());
        }

        /** Whether a field {@code If-None-Match} says that the client has it already. */
        boolean isKnown(@Nullable String field) {
            return field != null && (field.contains(tag) || field.strip().equals("*"));
        }
    }

    private ConsoleFiles(Map<String, ConsoleFile> files) {
        this.files = files;
    }

    /**
     * Reads them.
     *
     * @param settings what the page has to know, as JSON
     */
    static ConsoleFiles read(String settings) {
        Map<String, ConsoleFile> files = new HashMap<>();
        for (String name : NAMES) {
            files.put(name, ConsoleFile.of(name, content(name)));
        }
        files.put("settings.json", ConsoleFile.of("settings.json", settings.getBytes(StandardCharsets.UTF_8)));
        return new ConsoleFiles(Map.copyOf(files));
    }

    /** The file of a name, the first page for none; null if there is no such file. */
    @Nullable
    ConsoleFile find(String name) {
        return files.get(name.isEmpty() ? INDEX : name);
    }

    private static byte[] content(String name) {
        try (InputStream in = ConsoleFiles.class.getResourceAsStream("page/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the program was built without " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String typeOf(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "json" -> "application/json";
            case "svg" -> "image/svg+xml";
            default -> throw new IllegalArgumentException("no known type: " + name);
        };
    }

    private static String tagOf(byte[] content) {
        return '"' + HexFormat.of().formatHex(Sha256.begin().digest(content), 0, TAG_BYTES) + '"';
    }
}
