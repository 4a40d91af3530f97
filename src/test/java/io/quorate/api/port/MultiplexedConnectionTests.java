package io.quorate.api.port;

import static io.quorate.fixture.Expected.present;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.api.port.RawHttp2.Frame;
import io.quorate.proto.PutRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What concerns an HTTP/2 connection as a whole, frame by frame. */
class MultiplexedConnectionTests {

    private static final String PUT = "/etcdserverpb.KV/Put";
    private static final String WATCH = "/etcdserverpb.Watch/Watch";
    private static final byte[] PING_BYTES = {1, 2, 3, 4, 5, 6, 7, 8};
    private static final int STREAMS_MAX = 3;
    private static final int WINDOW = 4;
    private static final int HEADER_LIST = 6;
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int REFUSED_STREAM = 7;

    private static EdgeFixture edge(UnaryOperator<ClientPortSettings> change) {
        return EdgeFixture.start(change);
    }

    private static byte[] put(String key) {
        return CallCase.framed(
                PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build());
    }

    private static Map<Integer, Integer> settings(RawHttp2 client) throws IOException {
        Frame frame = client.next(RawHttp2.SETTINGS, 0);
        Map<Integer, Integer> settings = new HashMap<>();
        for (int i = 0; i < frame.payload().length; i += 6) {
            settings.put((int) frame.payload()[i + 1], frame.number(i + 2));
        }
        return settings;
    }

    @Test
    void connectionWhenOpenedSaysWhatAClientMaySend() throws Exception {
        try (EdgeFixture edge = edge(options -> options);
                RawHttp2 client = new RawHttp2(edge.port())) {
            assertThat(settings(client)).isEqualTo(Map.of(WINDOW, 64 * 1024, HEADER_LIST, 256 * 1024));
            Frame window = client.next(RawHttp2.WINDOW, 0);
            assertThat(window.stream()).isZero();
            assertThat(window.number(0)).isEqualTo(1024 * 1024 - 65_535);
        }
    }

    @Test
    void streamWhenThereAreTooManyIsRefused() throws Exception {
        try (EdgeFixture edge = edge(options -> options.withMaxConcurrentStreams(2));
                RawHttp2 client = new RawHttp2(edge.port())) {
            assertThat(settings(client)).containsEntry(STREAMS_MAX, 2);
            client.write(RawHttp2.SETTINGS, RawHttp2.ACK, 0, new byte[0]);
            for (int stream = 1; stream <= 5; stream += 2) {
                client.call(stream, PUT);
            }
            Frame reset = client.next(RawHttp2.RESET, 0);
            assertThat(reset.stream()).isEqualTo(5);
            assertThat(reset.number(0)).isEqualTo(REFUSED_STREAM);
            client.write(RawHttp2.DATA, RawHttp2.END, 1, put("k"));
            assertThat(client.next(RawHttp2.DATA, 0).stream()).isEqualTo(1);
        }
    }

    @Test
    void pingWhenItComesIsAnsweredWithItsBytes() throws Exception {
        try (EdgeFixture edge = edge(options -> options);
                RawHttp2 client = new RawHttp2(edge.port())) {
            client.write(RawHttp2.PING, 0, 0, PING_BYTES);
            assertThat(client.next(RawHttp2.PING, RawHttp2.ACK).payload()).isEqualTo(PING_BYTES);
        }
    }

    @Test
    void pingsWhenTheyComeTooOftenEndTheConnection() throws Exception {
        try (EdgeFixture edge = edge(options -> options.withKeepAliveMinTime(Duration.ofHours(1)));
                RawHttp2 client = new RawHttp2(edge.port())) {
            for (int i = 0; i < 4; i++) {
                client.write(RawHttp2.PING, 0, 0, PING_BYTES);
            }
            Frame end = client.next(RawHttp2.GOAWAY, 0);
            assertThat(end.number(4)).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(new String(end.payload(), 8, end.payload().length - 8, StandardCharsets.US_ASCII))
                    .isEqualTo("too_many_pings");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void pingsWhenNoCallGoesOnEndTheConnectionWhateverTheSetting() throws Exception {
        try (EdgeFixture edge = edge(options -> options.withKeepAliveMinTime(Duration.ofNanos(1)));
                RawHttp2 client = new RawHttp2(edge.port())) {
            client.call(1, WATCH);
            for (int i = 0; i < 10; i++) {
                client.write(RawHttp2.PING, 0, 0, PING_BYTES);
                client.next(RawHttp2.PING, RawHttp2.ACK);
            }
            client.write(RawHttp2.RESET, 0, 1, new byte[4]);
            for (int i = 0; i < 3; i++) {
                client.write(RawHttp2.PING, 0, 0, PING_BYTES);
            }
            Frame end = client.next(RawHttp2.GOAWAY, 0);
            assertThat(end.number(4)).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void pingsWhenAnswersLieBetweenThemAreFree() throws Exception {
        try (EdgeFixture edge = edge(options -> options.withKeepAliveMinTime(Duration.ofHours(1)));
                RawHttp2 client = new RawHttp2(edge.port())) {
            for (int stream = 1; stream < 20; stream += 2) {
                client.call(stream, PUT);
                client.write(RawHttp2.DATA, RawHttp2.END, stream, put("k"));
                client.next(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END);
                client.write(RawHttp2.PING, 0, 0, PING_BYTES);
                client.next(RawHttp2.PING, RawHttp2.ACK);
            }
        }
    }

    @Test
    void clientWhenItIsSilentIsPingedAndThenGivenUp() throws Exception {
        try (EdgeFixture edge = edge(options -> options.withKeepAliveInterval(Duration.ofMillis(50))
                        .withKeepAliveTimeout(Duration.ofMillis(50)));
                RawHttp2 client = new RawHttp2(edge.port())) {
            assertThat(client.next(RawHttp2.PING, 0).payload()).hasSize(8);
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void clientWhenItAnswersPingsStays() throws Exception {
        try (EdgeFixture edge = edge(options -> options.withKeepAliveInterval(Duration.ofMillis(20))
                        .withKeepAliveTimeout(Duration.ofMillis(200)));
                RawHttp2 client = new RawHttp2(edge.port())) {
            for (int i = 0; i < 5; i++) {
                client.write(
                        RawHttp2.PING,
                        RawHttp2.ACK,
                        0,
                        client.next(RawHttp2.PING, 0).payload());
            }
        }
    }

    /** A call that was on its way when the client heard of the end is served; then the connection is closed. */
    @Test
    void stopWhenCallsAreOnTheirWayServesThem() throws Exception {
        try (EdgeFixture edge = edge(options -> options.withShutdownGrace(Duration.ofMinutes(2)));
                RawHttp2 client = new RawHttp2(edge.port())) {
            client.next(RawHttp2.SETTINGS, RawHttp2.ACK);
            CompletableFuture<Void> stop = CompletableFuture.runAsync(
                    () -> edge.bean(ClientPortLifecycle.class).stop());
            Frame first = client.next(RawHttp2.GOAWAY, 0);
            assertThat(first.number(0)).isEqualTo(Integer.MAX_VALUE);
            assertThat(first.number(4)).isZero();
            Frame ping = client.next(RawHttp2.PING, 0);
            client.call(1, PUT);
            client.write(RawHttp2.PING, RawHttp2.ACK, 0, ping.payload());
            Frame second = client.next(RawHttp2.GOAWAY, 0);
            assertThat(second.number(0)).isEqualTo(1);
            client.write(RawHttp2.DATA, RawHttp2.END, 1, put("k"));
            client.next(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END);
            assertThat(client.isClosed()).isTrue();
            stop.get(1, TimeUnit.MINUTES);
        }
    }

    @Test
    void stopWhenACallDoesNotEndCutsItAfterTheGrace() throws Exception {
        try (EdgeFixture edge = edge(options -> options.withShutdownGrace(Duration.ofMillis(100)));
                RawHttp2 client = new RawHttp2(edge.port())) {
            client.call(1, PUT);
            client.write(RawHttp2.DATA, RawHttp2.END, 1, put("wait"));
            client.write(RawHttp2.PING, 0, 0, PING_BYTES);
            client.next(RawHttp2.PING, RawHttp2.ACK);
            FakeKv kv = edge.bean(FakeKv.class);
            edge.bean(ClientPortLifecycle.class).stop();
            assertThat(client.isClosed()).isTrue();
            assertThat(kv.cancelled.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(present(edge.bean(ClientPortServerFactory.class).server())
                            .isShutdown())
                    .isTrue();
        }
    }
}
