package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON on streams of HTTP/2, beside gRPC on the same port. */
class H2JsonTests {

    private static EdgeFixture edge;
    private static H2Client client;
    private static FakeWatch watch;

    @BeforeAll
    static void start() throws Exception {
        edge = EdgeFixture.start();
        client = new H2Client(edge.port());
        watch = edge.bean(FakeWatch.class);
    }

    @AfterAll
    static void stop() {
        client.close();
        edge.close();
    }

    @BeforeEach
    void forget() {
        watch.events.clear();
        watch.opened.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {":method", ":scheme", ":path"})
    void requestWhenItLacksWhatEachMustSayIsReset(String field) throws Exception {
        assertThat(client.open("/version", field, "").events.poll(1, TimeUnit.MINUTES))
                .isEqualTo("reset");
        assertThat(client.open("/version", ":method", "GET").events.poll(1, TimeUnit.MINUTES))
                .startsWith("status 200");
    }

    @Test
    void callWhenMadeOnAStreamIsServed() throws Exception {
        assertThat(client.open("/v3/kv/put").send("{\"key\":\"YQ==\"}", true).rest())
                .startsWith("status 200 ")
                .contains("\"raft_term\":\"3\"");
        assertThat(client.open("/v3/kv/unknown").send("{}", true).rest())
                .isEqualTo("status 404 {\"code\":5,\"message\":\"Not Found\"}");
    }

    @Test
    void callWhenBodyAndAnswerExceedTheWindowIsServed() throws Exception {
        String value = Base64.getEncoder().encodeToString(new byte[1_500_000]);
        String put = "{\"key\":\"YmlnCg==\",\"value\":\"" + value + "\"}";
        assertThat(client.open("/v3/kv/put").send(put, true).rest()).startsWith("status 200 ");
        assertThat(client.open("/v3/kv/range")
                        .send("{\"key\":\"YmlnCg==\"}", true)
                        .rest())
                .contains(value);
    }

    @Test
    void watchWhenBodyIsOpenAnswersWhileItIsSent() throws Exception {
        H2Client.Stream stream = client.open("/v3/watch").send("{\"create_request\":{\"watch_id\":3}}", false);
        assertThat(stream.events.take()).isEqualTo("status 200 ");
        assertThat(stream.events.take()).contains("\"watch_id\":\"3\"");
        stream.send("{\"create_request\":{\"watch_id\":4}}", true);
        assertThat(stream.events.take()).contains("\"watch_id\":\"4\"");
        assertThat(watch.events.poll(5, TimeUnit.SECONDS)).isEqualTo("halfclosed");
        stream.reset();
        assertThat(watch.events.poll(5, TimeUnit.SECONDS)).isEqualTo("cancelled");
    }

    @Test
    void watchWhenConnectionIsLostIsCancelled() throws Exception {
        try (H2Client other = new H2Client(edge.port())) {
            H2Client.Stream stream = other.open("/v3/watch").send("{\"create_request\":{}}", false);
            assertThat(stream.events.take()).isEqualTo("status 200 ");
        }
        assertThat(watch.events.poll(5, TimeUnit.SECONDS)).isEqualTo("cancelled");
    }

    @Test
    void requestWhenItGoesOnAfterItsAnswerIsReset() throws Exception {
        H2Client.Stream stream = client.open("/v3/lease/keepalive").send("nonsense", false);
        assertThat(stream.rest()).startsWith("status 400 ").contains("\"code\":3");
        stream.send("x".repeat(300_000), false);
        assertThat(stream.events.poll(5, TimeUnit.SECONDS)).isEqualTo("reset");
    }

    @Test
    void requestWhenPathIsSpringsGoesThroughTheBridge() throws Exception {
        assertThat(client.open("/api/v1/hello").send("abc", true).rest()).isEqualTo("status 200 127.0.0.1 http 3 0");
    }
}
