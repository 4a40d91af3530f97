package io.quorate.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Collectors that answer as they should not. */
class HttpReceiverTests {

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final CountDownLatch ended = new CountDownLatch(1);
    private HttpServer server;
    private HttpReceiver receiver;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(workers);
        server.start();
        receiver = new HttpReceiver(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        ended.countDown();
        receiver.close();
        server.stop(0);
        workers.shutdownNow();
    }

    private void answer(int status) {
        server.createContext("/v1/traces", exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
    }

    @Test
    void spansWhenTakenAreTaken() throws Exception {
        answer(200);
        assertThat(receiver.send(new byte[] {'{', '}'})).isEqualTo(SpanReceiver.Outcome.TAKEN);
    }

    @Test
    void spansWhenTheCollectorIsBusyMayBeSentAgain() throws Exception {
        answer(503);
        assertThat(receiver.send(new byte[0])).isEqualTo(SpanReceiver.Outcome.BUSY);
    }

    @Test
    void spansWhenRefusedAreRefused() throws Exception {
        answer(400);
        assertThat(receiver.send(new byte[0])).isEqualTo(SpanReceiver.Outcome.REFUSED);
    }

    /** The client of Java has a limit for the head of an answer and none for its body. */
    @Test
    void answerWhenItsBodyNeverEndsIsGivenUp() {
        server.createContext("/v1/traces", exchange -> {
            exchange.sendResponseHeaders(200, 1_000_000);
            OutputStream body = exchange.getResponseBody();
            body.write('.');
            body.flush();
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThatThrownBy(() -> receiver.send(new byte[0]))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not answer");
    }
}
