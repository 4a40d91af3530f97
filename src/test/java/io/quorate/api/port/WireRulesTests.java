package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.Bytes;
import com.google.common.primitives.Ints;
import com.google.protobuf.ByteString;
import io.quorate.fixture.Http2Transport;
import io.quorate.fixture.HttpReply;
import io.quorate.proto.PutRequest;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What is no request costs its stream, or its connection where etcd's ends too, and gets etcd's answer. */
@ExtendWith(OutputCaptureExtension.class)
class WireRulesTests {

    private static final String PUT = "/etcdserverpb.KV/Put";
    private static final String BODY = "Content-Length: 2\n\n{}";

    private static EdgeFixture edge;

    @BeforeAll
    static void start() {
        edge = EdgeFixture.start();
    }

    @AfterAll
    static void stop() {
        edge.close();
    }

    private static String http1(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", edge.port())) {
            socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /version HTTP/9.9 | Host: x |",
                "GET /version HTTP/2.0 | Host: x |",
                "GET /version HTTP/0.9 | Host: x |",
                "GET /version HTTP/1.2 | Host: x | 200 OK",
                "GET /version HTTP/1.0 | X: y | 200 OK",
                "GET http://x/version HTTP/1.1 | Host: x | 200 OK",
                "GET /version HTTP/1.1 | X: y | 400 Bad Request: missing required Host header",
                "GET /version HTTP/1.1 | Host: a b | 400 Bad Request: malformed Host header",
                "GET /a%zz HTTP/1.1 | Host: x | 400 Bad Request",
                "GET version HTTP/1.1 | Host: x | 400 Bad Request",
                "GET /nothing HTTP/1.1 | Host: x | 404 page not found",
                "GET / HTTP/1.1 | Host: x | 404 page not found",
                "GET /health%00 HTTP/1.1 | Host: x | 404 page not found",
                "POST /health%00 HTTP/1.1 | Host: x | 404 page not found",
                "GET /a\\b HTTP/1.1 | Host: x | 404 page not found",
                "GET /a\"b HTTP/1.1 | Host: x | 404 page not found",
                "GET /\u00e4 HTTP/1.1 | Host: x | 404 page not found",
                "GET /health;a=b HTTP/1.1 | Host: x | 404 page not found",
                "GET /../x HTTP/1.1 | Host: x | 404 page not found",
                "GET /%61pi/v1/keys/~YQ HTTP/1.1 | Host: x | 404 page not found",
                "FOO /nothing HTTP/1.1 | Host: x | 404 page not found",
                "GET * HTTP/1.1 | Host: x | 400 Bad Request",
                "POST /v3/kv/range HTTP/1.1 | Expect: foo | 417 Expectation Failed"
            })
    void requestWhenItBreaksARuleIsAnsweredAsByEtcd(String line, String field, String answer) throws IOException {
        String host = field.startsWith("Expect") ? "Host: x\n" : "";
        check(http1(line + "\n" + host + field + "\nConnection: close\n" + BODY), answer);
    }

    @Test
    void requestWhenItsPathHasABarIsNotFoundInPlainText() throws IOException {
        String got = http1("GET /a|b HTTP/1.1\nHost: x\nConnection: close\n\n");
        check(got, "404 page not found");
        assertThat(got).containsIgnoringCase("content-type: text/plain").doesNotContainIgnoringCase("<html");
    }

    @ParameterizedTest
    @CsvSource({"*, 400", "x, 400", "/health%00, 404", "/a|b, 404", "/a b, 404", "/\u00e4, 404"})
    void streamWhenItsPathLeadsNowhereIsAnsweredInPlainText(String path, int status) {
        try (Http2Transport http2 = new Http2Transport("http://127.0.0.1:" + edge.port())) {
            HttpReply reply = http2.send("GET", path, "");
            assertThat(reply.status()).isEqualTo(status);
            assertThat(reply.headers()).containsEntry("content-type", "text/plain; charset=utf-8");
            assertThat(reply.body()).isEqualTo(status == 404 ? "404 page not found\n" : "400 Bad Request\n");
        }
    }

    @Test
    void streamWhenItsPathIsEmptyIsResetAsByEtcdOverTls() throws Exception {
        try (H2Client client = new H2Client(edge.port())) {
            assertThat(client.open("").sendAnyway(new byte[0], true).events.poll(1, TimeUnit.MINUTES))
                    .isEqualTo("reset");
        }
    }

    private static void check(String got, String answer) {
        if (answer == null) {
            assertThat(got).isEmpty();
        } else {
            assertThat(got).startsWith("HTTP/1.1 " + answer.substring(0, 3));
            assertThat(got).contains(answer).doesNotContainIgnoringCase("<html");
        }
    }

    @Test
    void requestWhenItNamesTwoHostsIsRefused() throws IOException {
        check(http1("GET /version HTTP/1.1\nHost: x\nHost: y\n\n"), "400 Bad Request");
    }

    @ParameterizedTest
    @CsvSource({"gzip", "'gzip, chunked'", "identity", "'chunked\nTransfer-Encoding: chunked'"})
    void requestWhenItsEncodingIsNotTheUsualIsRefused(String encoding) throws IOException {
        String body = "2\n{}\n0\n\n";
        check(
                http1("POST /v3/kv/range HTTP/1.1\nHost: x\nTransfer-Encoding: " + encoding + "\n\n" + body),
                "501 Not Implemented");
    }

    @Test
    void requestWhenAChunkIsNoneIsRefused() throws IOException {
        check(http1("POST /v3/kv/range HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\nzz\nabc"), "400 Bad Request");
    }

    private static byte[] put() {
        byte[] message = PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("k"))
                .build()
                .toByteArray();
        return Bytes.concat(new byte[] {0}, Ints.toByteArray(message.length), message);
    }

    private static H2Client.Stream call(H2Client client, String... more) throws InterruptedException {
        List<String> fields = new ArrayList<>(List.of("content-type", "application/grpc", "te", "trailers"));
        fields.addAll(Arrays.asList(more));
        return client.open(PUT, fields.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "'', x",
        "x, 'a\r\nb'",
        "'x\r\ny', a",
        "x, 'a\u0000b'",
        "'x y', a",
        "Xy, a",
        ":foo, a",
        "connection, close",
        ":path, '/a\r\nERROR forged'"
    })
    void streamWhenItsHeaderIsNoneIsResetAlone(String name, String value, CapturedOutput output) throws Exception {
        try (H2Client client = new H2Client(edge.port())) {
            H2Client.Stream bad = call(client, name, value).sendAnyway(put(), true);
            assertThat(bad.events.take()).isEqualTo("reset");
            assertThat(call(client).send(put(), true).rest()).endsWith("grpc 0 ");
        }
        assertThat(output.getAll()).doesNotContain("Exception", "\nERROR forged");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a-bin | *** | 400 grpc 13 malformed binary metadata \"***\" in header \"a-bin\": illegal base64 data at"
                        + " input byte 0",
                "a-bin | AAEC,A | 400 grpc 13 malformed binary metadata \"AAEC,A\" in header \"a-bin\": illegal base64"
                        + " data at input byte 4",
                "grpc-encoding | snappy | 200 grpc 12 grpc: Decompressor is not installed for grpc-encoding \"snappy\"",
                "grpc-encoding | GZIP | 200 grpc 12 grpc: Decompressor is not installed for grpc-encoding \"GZIP\"",
                ":method | GET | 405 grpc 13 Received a HEADERS frame with :method \"GET\" which should be POST",
                ":path | '' | 200 grpc 12 malformed method name: \"\"",
                ":path | abc | 200 grpc 12 malformed method name: \"abc\"",
                ":path | /x.Y/Z | 200 grpc 12 unknown service x.Y",
                ":path | /etcdserverpb.KV/Z | 200 grpc 12 unknown method Z for service etcdserverpb.KV",
                "grpc-timeout | x | 400 grpc 13 malformed grpc-timeout: transport: timeout string is too short: \"x\"",
                "grpc-timeout | 0S | 200 grpc 4 context deadline exceeded",
                "grpc-timeout | 1n | 200 grpc 4 context deadline exceeded"
            })
    void callWhenItsHeaderIsNotOfGrpcIsAnsweredAsByEtcd(String name, String value, String answer) throws Exception {
        try (H2Client client = new H2Client(edge.port())) {
            assertThat(call(client, name, value).sendAnyway(put(), true).rest()).isEqualTo("status " + answer);
            assertThat(call(client).send(put(), true).rest()).endsWith("grpc 0 ");
        }
    }

    @Test
    void callWhenItNamesTwoHostsIsRefused() throws Exception {
        try (H2Client client = new H2Client(edge.port())) {
            assertThat(call(client, "host", "a", "host", "b")
                            .sendAnyway(put(), true)
                            .rest())
                    .startsWith("status 400 grpc 13 num values of :authority: 1, num values of host: 2");
        }
    }

    @Test
    void streamWhenItsTimeIsOverIsToldSo() throws Exception {
        try (H2Client client = new H2Client(edge.port())) {
            H2Client.Stream watch =
                    client.open("/etcdserverpb.Watch/Watch", "content-type", "application/grpc", "grpc-timeout", "50m");
            assertThat(watch.rest()).isEqualTo("status 200 grpc 4 context deadline exceeded");
            assertThat(call(client).send(put(), true).rest()).endsWith("grpc 0 ");
        }
    }
}
