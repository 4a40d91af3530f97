package io.quorate.api.console;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.quorate.api.console.ConsoleFiles.ConsoleFile;
import io.quorate.api.port.HttpExchange;
import io.quorate.base.Stages;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Answers requests below {@code /console}. Any event loop. */
public final class ConsoleDoor {

    private static final String PATH = "/console";
    private static final String PREFIX = PATH + "/";

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private final Access access;
    private final AtomicReference<@Nullable CompletableFuture<ConsoleFiles>> files = new AtomicReference<>();

    /**
     * What the page may do.
     *
     * @param open whether there is one
     * @param writable whether it offers changes without a login
     */
    public record Access(boolean open, boolean writable) {}

    public ConsoleDoor(Access access) {
        this.access = access;
    }

    /** Whether a path is that of the console, known or not. */
    public boolean owns(String path) {
        return access.open() && (path.equals(PATH) || path.startsWith(PREFIX));
    }

    /** Answers a request whose path it {@link #owns}. */
    public void enter(HttpExchange exchange) {
        boolean head = exchange.method().equals("HEAD");
        if (!head && !exchange.method().equals("GET")) {
            refuse(exchange, 405, "405 method not allowed\n", fields().set(HttpHeaderNames.ALLOW, "GET, HEAD"));
        } else if (exchange.path().equals(PATH)) {
            exchange.respond(308, fields().set(HttpHeaderNames.LOCATION, "console/"), Unpooled.EMPTY_BUFFER);
        } else {
            Stages.whenDone(
                    "a file of the console",
                    files(),
                    (read, failure) -> exchange.eventLoop().execute(() -> answer(exchange, read, failure)));
        }
    }

    /** They are read once. If that fails, the next visit tries again. */
    private CompletableFuture<ConsoleFiles> files() {
        CompletableFuture<ConsoleFiles> known = files.get();
        if (known != null && !known.isCompletedExceptionally()) {
            return known;
        }
        CompletableFuture<ConsoleFiles> reading = new CompletableFuture<>();
        if (!files.compareAndSet(known, reading)) {
            return files(); // another thread reads them
        }
        Thread.ofVirtual().name("console").start(() -> read(reading));
        return reading;
    }

    private void read(CompletableFuture<ConsoleFiles> reading) {
        try {
            reading.complete(ConsoleFiles.read("{\"writable\":" + access.writable() + "}"));
        } catch (RuntimeException | Error e) { // its reader gets an answer
            Stages.report("reading the console", e);
            reading.completeExceptionally(e);
        }
    }

    private static void answer(HttpExchange exchange, @Nullable ConsoleFiles files, @Nullable Throwable failure) {
        if (files == null || failure != null) {
            refuse(exchange, 500, "500 internal error\n", fields());
            return;
        }
        ConsoleFile file = files.find(exchange.path().substring(PREFIX.length()));
        if (file == null) {
            refuse(exchange, 404, "404 page not found\n", fields());
        } else {
            send(exchange, file);
        }
    }

    /** A browser keeps a file, and asks each time whether it is still the same. */
    private static void send(HttpExchange exchange, ConsoleFile file) {
        HttpHeaders fields =
                fields().set(HttpHeaderNames.ETAG, file.tag()).set(HttpHeaderNames.CACHE_CONTROL, "no-cache");
        if (file.isKnown(exchange.headers().get(HttpHeaderNames.IF_NONE_MATCH))) {
            exchange.respond(304, fields, Unpooled.EMPTY_BUFFER);
            return;
        }
        fields.set(HttpHeaderNames.CONTENT_TYPE, file.type());
        if (exchange.method().equals("HEAD")) {
            exchange.begin(
                    200,
                    fields.set(HttpHeaderNames.CONTENT_LENGTH, file.content().remaining()));
            exchange.end();
        } else {
            exchange.respond(200, fields, Unpooled.wrappedBuffer(file.content()));
        }
    }

    private static void refuse(HttpExchange exchange, int status, String text, HttpHeaders fields) {
        fields.set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        exchange.respond(status, fields, Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static HttpHeaders fields() {
        return new DefaultHttpHeaders()
                .set("Content-Security-Policy", POLICY)
                .set("X-Content-Type-Options", "nosniff")
                .set("Referrer-Policy", "no-referrer")
                .set("Cross-Origin-Opener-Policy", "same-origin")
                .set("Cross-Origin-Resource-Policy", "same-origin");
    }
}
