package io.quorate.integration.rest;

import static org.awaitility.Awaitility.await;

import io.quorate.fixture.HttpReply;
import io.quorate.fixture.SystemCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Chromium without a window, spoken to by its DevTools protocol. Used by one thread. */
final class Browser implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    /** Whether there is one on this machine. */
    static boolean isInstalled() {
        return SystemCommand.attempt(List.of("chromium", "--version")).exitCode() == 0;
    }

    /** @param directory for its profile, which is empty */
    Browser(Path directory) {
        try {
            ProcessBuilder builder = new ProcessBuilder(
                            "chromium",
                            "--headless=new",
                            "--no-sandbox", // tests may run as root
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--disable-background-networking",
                            "--no-first-run",
                            "--lang=en",
                            "--remote-debugging-port=0",
                            "--user-data-dir=" + directory)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output").toFile());
            builder.environment().put("TMPDIR", directory.toString());
            process = builder.start();
            Path port = directory.resolve("DevToolsActivePort");
            await().atMost(PATIENCE)
                    .until(() -> Files.exists(port) && Files.readAllLines(port).size() == 2);
            List<String> address = Files.readAllLines(port);
            socket = client.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + address.get(0) + address.get(1)), new Messages())
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a tab of its own, with no cookies and nothing kept of others. */
    Tab open() {
        String context = command(null, "Target.createBrowserContext", Map.of())
                .path("browserContextId")
                .asString();
        String target = command(null, "Target.createTarget", Map.of("url", "about:blank", "browserContextId", context))
                .path("targetId")
                .asString();
        String session = command(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId")
                .asString();
        for (String domain : List.of("Page", "Runtime", "Log")) {
            command(session, domain + ".enable", Map.of());
        }
        return new Tab(this, session);
    }

    /** What pages complained about: exceptions, errors that they printed, violations of their policy. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Gives a command and waits for its answer. */
    JsonNode command(@Nullable String session, String method, Map<String, Object> parameters) {
        int id = ids.incrementAndGet();
        Map<String, Object> message = new LinkedHashMap<>(Map.of("id", id, "method", method, "params", parameters));
        if (session != null) {
            message.put("sessionId", session);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText(JSON.writeValueAsString(message), true).join();
        JsonNode told = answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        if (told.has("error")) {
            throw new IllegalStateException(method + ": " + told.path("error"));
        }
        return told.path("result");
    }

    private void receive(JsonNode message) {
        if (message.has("id")) {
            CompletableFuture<JsonNode> answer =
                    answers.remove(message.path("id").asInt());
            if (answer != null) {
                answer.complete(message);
            }
            return;
        }
        JsonNode what = message.path("params");
        switch (message.path("method").asString()) {
            case "Runtime.exceptionThrown" ->
                complaints.add("exception: " + what.path("exceptionDetails").toString());
            case "Runtime.consoleAPICalled" -> {
                if (what.path("type").asString().equals("error")) {
                    complaints.add("printed: " + what.path("args"));
                }
            }
            case "Log.entryAdded" -> {
                String source = what.path("entry").path("source").asString();
                if (!source.equals("network")) { // refusals are told by the page
                    complaints.add(source + ": " + what.path("entry").path("text"));
                }
            }
            default -> {}
        }
    }

    @Override
    public void close() {
        socket.abort();
        client.shutdownNow();
        List<ProcessHandle> parts = new ArrayList<>(process.descendants().toList());
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        parts.forEach(ProcessHandle::destroyForcibly);
    }

    private final class Messages implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                JsonNode message = HttpReply.parse(text.toString());
                text.setLength(0);
                receive(message);
            }
            from.request(1);
            return null;
        }
    }
}
