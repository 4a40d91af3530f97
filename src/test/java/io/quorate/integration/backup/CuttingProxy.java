package io.quorate.integration.backup;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quorate.fixture.TestMember;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands before a member's gateway for JSON, and does something to the call by which the cluster takes over. */
final class CuttingProxy implements AutoCloseable {

    /** What becomes of that call. */
    enum Mode {
        /** It is done, and its answer is lost. */
        ANSWER_IS_LOST,
        /** The same, and nothing comes through afterwards. */
        MEMBER_DIES_BEHIND_IT,
        /** It is done and answered, and nothing comes through afterwards. */
        MEMBER_DIES_BEHIND_ITS_ANSWER,
        /** It is held, and never done. */
        NEVER_DONE
    }

    private static final String FINISH = "\"finish\"";

    private final TestMember member;
    private final Mode mode;
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch finishSeen = new CountDownLatch(1);
    private volatile boolean dead;

    CuttingProxy(TestMember member, Mode mode) {
        this.member = member;
        this.mode = mode;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Waits for the call. */
    void awaitFinish() throws InterruptedException {
        finishSeen.await();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean finish = new String(body, StandardCharsets.UTF_8).contains(FINISH);
            if (dead || finish && mode == Mode.NEVER_DONE) {
                finishSeen.countDown();
                hold(finish);
                return;
            }
            HttpResponse<byte[]> answer = forward(exchange, body);
            if (finish) {
                dead = mode != Mode.ANSWER_IS_LOST;
                finishSeen.countDown();
                if (mode != Mode.MEMBER_DIES_BEHIND_ITS_ANSWER) {
                    return; // closed without an answer
                }
            }
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private static void hold(boolean finish) throws InterruptedException {
        if (finish) {
            new CountDownLatch(1).await();
        }
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(member.clientUrl() + exchange.getRequestURI().getPath()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        client.shutdownNow();
    }
}
