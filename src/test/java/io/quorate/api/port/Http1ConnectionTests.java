package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpServerCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One connection without a network. */
class Http1ConnectionTests {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

    private final ArrayDeque<HttpExchange> running = new ArrayDeque<>();
    private final List<String> aborted = new ArrayList<>();
    private final EmbeddedChannel channel = connection(exchange -> {
        exchange.onAborted(() -> aborted.add(exchange.path()));
        running.add(exchange);
    });

    private static EmbeddedChannel connection(HttpHandler handler) {
        RemoteClient peer = new RemoteClient(new java.net.InetSocketAddress("127.0.0.1", 1), null);
        return new EmbeddedChannel(new HttpServerCodec(), new Http1Connection(handler, peer, Duration.ofMinutes(1)));
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private static void receive(EmbeddedChannel channel, String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }

    private static String sent(EmbeddedChannel channel) {
        StringBuilder all = new StringBuilder();
        for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
            all.append(piece.toString(StandardCharsets.UTF_8));
            piece.release();
        }
        return all.toString();
    }

    private static void answer(HttpExchange exchange) {
        exchange.respond(200, new DefaultHttpHeaders(), Unpooled.copiedBuffer(exchange.path(), StandardCharsets.UTF_8));
    }

    @Test
    void requestsWhenPipelinedAreHandledOneAfterTheOther() {
        receive(channel, GET + GET.replace("/a", "/b"));
        assertThat(running).hasSize(1);
        answer(running.remove());
        assertThat(sent(channel)).endsWith("/a");
        assertThat(running).hasSize(1);
        answer(running.remove());
        assertThat(sent(channel)).endsWith("/b");
    }

    @Test
    void handlerWhenItThrowsAnswers500AndKeepsTheConnection() {
        EmbeddedChannel broken = connection(exchange -> {
            if (exchange.path().equals("/a")) {
                throw new IllegalStateException("secret");
            }
            answer(exchange);
        });
        receive(broken, GET + GET.replace("/a", "/b"));
        assertThat(sent(broken))
                .startsWith("HTTP/1.1 500 Internal Server Error")
                .contains("HTTP/1.1 200 OK")
                .doesNotContain("secret");
        broken.finishAndReleaseAll();
    }

    @Test
    void closeWhenAnExchangeRunsWaitsForItsAnswer() {
        receive(channel, GET);
        var unused = channel.close();
        assertThat(channel.isOpen()).isTrue();
        answer(running.remove());
        assertThat(sent(channel)).contains("200 OK", "connection: close");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void closeWhenNothingRunsAnswersARequestThatIsOnItsWay() {
        var unused = channel.close();
        assertThat(channel.isOpen()).isTrue();
        receive(channel, GET);
        answer(running.remove());
        assertThat(sent(channel)).contains("200 OK", "connection: close");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void closeWhenNoRequestFollowsHappensSoon() {
        channel.freezeTime();
        var unused = channel.pipeline().close(); // the channel's own method would cancel what is scheduled
        channel.advanceTimeBy(240, TimeUnit.MILLISECONDS);
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(11, TimeUnit.MILLISECONDS);
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void closeWhenAnswerIsStreamedAndBegunEndsAfterIt() {
        receive(channel, GET);
        HttpExchange exchange = running.remove();
        exchange.begin(200, new DefaultHttpHeaders());
        var unused = channel.close();
        assertThat(channel.isOpen()).isTrue();
        exchange.end();
        assertThat(sent(channel)).endsWith("0\r\n\r\n");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void answerWhenItIsLongLeavesInPieces() {
        receive(channel, GET);
        List<String> events = new ArrayList<>();
        HttpExchange exchange = running.remove();
        exchange.onFinished(() -> events.add("finished"));
        String text = "x".repeat(200_000) + "y";
        exchange.respond(200, new DefaultHttpHeaders(), Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
        assertThat(channel.outboundMessages()).hasSizeGreaterThan(4);
        assertThat(sent(channel)).contains("content-length: 200001").endsWith(text);
        assertThat(events).containsExactly("finished");
        receive(channel, GET);
        assertThat(running).hasSize(1);
    }

    @Test
    void orderToCloseWhenAnExchangeRunsAbortsIt() {
        receive(channel, GET);
        channel.writeOutbound("anything from outside");
        assertThat(channel.isOpen()).isFalse();
        assertThat(aborted).containsExactly("/a");
    }

    @Test
    void outputWhenItIsNotTakenStopsTheProducer() {
        receive(channel, GET);
        HttpExchange exchange = running.remove();
        List<String> events = new ArrayList<>();
        exchange.onWritable(() -> events.add("writable"));
        exchange.begin(200, new DefaultHttpHeaders());
        assertThat(exchange.isWritable()).isTrue();
        exchange.write(Unpooled.copiedBuffer("x".repeat(300_000), StandardCharsets.UTF_8));
        assertThat(exchange.isWritable()).isTrue(); // an embedded channel takes everything at once
        assertThat(events).containsExactly("writable");
        exchange.end();
        assertThat(sent(channel)).contains("transfer-encoding: chunked").endsWith("0\r\n\r\n");
    }

    @Test
    void answerWhenItIsGivenTwiceIsSentOnce() {
        receive(channel, GET);
        HttpExchange exchange = running.remove();
        answer(exchange);
        answer(exchange);
        exchange.abort();
        assertThat(sent(channel).split("HTTP/1.1 200", -1)).hasSize(2);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void continueWhenExpectedIsSentWithTheFirstInterest() {
        receive(channel, "PUT /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
        assertThat(sent(channel)).isEmpty();
        running.element().receive(new HttpExchange.Body() {
            @Override
            public void data(ByteBuf piece) {
                aborted.add(piece.toString(StandardCharsets.UTF_8));
            }

            @Override
            public void end() {
                answer(running.remove());
            }
        });
        assertThat(sent(channel)).startsWith("HTTP/1.1 100 Continue");
        receive(channel, "z");
        assertThat(sent(channel)).startsWith("HTTP/1.1 200 OK");
        assertThat(aborted).containsExactly("z");
    }
}
