package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import com.google.common.primitives.Bytes;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.quorate.api.grpc.CallCounters;
import io.quorate.fixture.CapturedLog;
import io.quorate.fixture.MeterReader;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.PutRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Unary calls, frame by frame. */
class UnaryCallTests extends CallCase {

    private static final String PUT = "/etcdserverpb.KV/Put";
    private static final String SUCCESS = "grpc 0 ";

    private static byte[] put(String key) {
        return framed(
                PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build());
    }

    private long count(String name) {
        return counted("grpc_server_" + name + "_total", "unary", "etcdserverpb.KV", "Put");
    }

    private long handled(String code) {
        return counted("grpc_server_handled_total", "unary", "etcdserverpb.KV", "Put", code);
    }

    private long counted(String name, String... labels) {
        return new MeterReader(edge.bean(CallCounters.class)).value(name, labels);
    }

    @Test
    void callWhenMessageComesInOneFrameIsAnsweredAndCounted() throws Exception {
        assertThat(call(PUT).send(put("k"), true).rest())
                .startsWith("status 200 ")
                .endsWith(SUCCESS);
        assertThat(count("started")).isEqualTo(1);
        assertThat(count("msg_received")).isEqualTo(1);
        assertThat(count("msg_sent")).isEqualTo(1);
        assertThat(handled("OK")).isEqualTo(1);
    }

    @Test
    void callWhenMessageComesByteByByteIsAnswered() throws Exception {
        H2Client.Stream call = call(PUT);
        for (byte one : put("key of some length")) {
            call.send(new byte[] {one}, false);
        }
        assertThat(call.send(new byte[0], true).rest())
                .startsWith("status 200 ")
                .endsWith(SUCCESS);
    }

    @Test
    void callWhenTrailersEndTheRequestIsAnswered() throws Exception {
        assertThat(call(PUT).send(put("k"), false).sendTrailers().rest()).endsWith(SUCCESS);
    }

    @Test
    void callWhenServiceRefusesCarriesItsStatus() throws Exception {
        assertThat(call(PUT).send(put(""), true).rest()).isEqualTo("status 200 grpc 3 etcdserver: key is not provided");
        assertThat(handled("InvalidArgument")).isEqualTo(1);
    }

    @Test
    void callWhenServiceThrowsTellsNoDetail() throws Exception {
        assertThat(call(PUT).send(put("throw"), true).rest())
                .isEqualTo("status 200 grpc 2 Application error processing RPC");
    }

    @Test
    void callWhenMessageIsNoProtobufIsRefused() throws Exception {
        assertThat(call(PUT).send(new byte[] {0, 0, 0, 0, 1, (byte) 0xff}, true).rest())
                .isEqualTo(
                        "status 200 grpc 13 grpc: error unmarshalling request: proto: cannot parse invalid wire-format data");
    }

    @Test
    void callWhenLengthIsTooLargeIsRefusedBeforeTheMessageComes() throws Exception {
        H2Client.Stream call = call(PUT).send(new byte[] {0, 0x7f, 0, 0, 0}, false);
        assertThat(call.rest())
                .startsWith("status 200 grpc 8 grpc: received message larger than max (2130706432 vs. 2097152)");
        assertThat(call.events.poll(10, TimeUnit.SECONDS)).isEqualTo("reset");
        assertThat(call(PUT).send(put("k"), true).rest()).endsWith(SUCCESS);
    }

    @Test
    void callWhenMessageIsCompressedWithoutSayingHowIsRefused() throws Exception {
        byte[] compressed = put("k");
        compressed[0] = 1;
        assertThat(call(PUT).send(compressed, true).rest()).startsWith("status 200 grpc 13 ");
        compressed[0] = 2;
        assertThat(call(PUT).send(compressed, true).rest()).startsWith("status 200 grpc 13 ");
    }

    @Test
    void callWhenRequestEndsTooEarlyIsRefused() throws Exception {
        assertThat(call(PUT).send(Arrays.copyOf(put("k"), 6), true).rest())
                .isEqualTo("status 200 grpc 2 unexpected EOF");
        assertThat(call(PUT).send(new byte[0], true).rest()).isEqualTo("status 200 grpc 2 EOF");
    }

    @Test
    void callWhenTwoRequestsComeIsRefused() throws Exception {
        assertThat(call(PUT).send(Bytes.concat(put("k"), put("l")), true).rest())
                .isEqualTo("status 200 grpc 13 Too many requests");
    }

    @Test
    void callWhenResetIsCancelledForTheService() throws Exception {
        H2Client.Stream call = call(PUT).send(put("wait"), true);
        call.reset();
        assertThat(edge.bean(FakeKv.class).cancelled.await(10, TimeUnit.SECONDS))
                .isTrue();
        assertThat(handled("Canceled")).isEqualTo(1);
    }

    @Test
    void callWhenConnectionIsLostIsCancelledForTheService() throws Exception {
        try (H2Client lost = new H2Client(edge.port())) {
            lost.open(PUT, "content-type", "application/grpc").send(put("wait"), true);
            await("the request") // a connection that is lost may take unread bytes along
                    .until(() -> count("msg_received") == 1);
        }
        assertThat(edge.bean(FakeKv.class).cancelled.await(10, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void callWhenMethodIsUnknownIsRefused() throws Exception {
        assertThat(call("/etcdserverpb.KV/Nothing").rest()).startsWith("status 200 grpc 12 ");
    }

    @Test
    void callWhenContentTypeIsAnotherIsRefused() throws Exception {
        H2Client.Stream call = client.open(PUT, "content-type", "application/grpc-web");
        assertThat(call.events.poll(10, TimeUnit.SECONDS)).isEqualTo("status 415 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"50m", "50000u", "50000000n"})
    void callWhenItTimesOutIsToldSo(String timeout) throws Exception {
        H2Client.Stream call = call(PUT, "grpc-timeout", timeout);
        assertThat(call.rest()).isEqualTo("status 200 grpc 4 context deadline exceeded");
        assertThat(handled("DeadlineExceeded")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"60S", "99999999u", "1M", "99999999H", "60000m"})
    void callWhenTimeoutIsLongIsAnswered(String timeout) throws Exception {
        assertThat(call(PUT, "grpc-timeout", timeout).send(put("k"), true).rest())
                .endsWith(SUCCESS);
    }

    /** In the words of etcd. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "S | transport: timeout string is too short: \"S\"",
                "10 | transport: timeout unit is not recognized: \"10\"",
                "1x | transport: timeout unit is not recognized: \"1x\"",
                "123456789S | transport: timeout string is too long: \"123456789S\"",
                "-1S | strconv.ParseUint: parsing \"-1\": invalid syntax"
            })
    void callWhenTimeoutIsNoneIsRefused(String timeout, String mistake) throws Exception {
        assertThat(call(PUT, "grpc-timeout", timeout).rest())
                .isEqualTo("status 400 grpc 13 malformed grpc-timeout: " + mistake);
        assertThat(call(PUT).send(put("k"), true).rest()).endsWith(SUCCESS);
    }

    @Test
    void callWhenPackedByGrpcForJavaIsAnswered() throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", edge.port())
                .usePlaintext()
                .build();
        try {
            KVGrpc.KVBlockingStub kv = KVGrpc.newBlockingStub(channel).withCompression("gzip");
            assertThat(kv.put(PutRequest.newBuilder()
                                    .setKey(ByteString.copyFromUtf8("k"))
                                    .build())
                            .hasHeader())
                    .isTrue();
        } finally {
            channel.shutdownNow();
        }
    }

    /** A line about a call tells the same whichever transport carries it. */
    @Test
    void callWhenTracedTellsItsKeyAndStepsOnEveryTransport() throws Exception {
        try (CapturedLog log = new CapturedLog("io.quorate.api.grpc.CallLog").at(Level.DEBUG)) {
            call(PUT, "x-request-id", "order-7").send(put("direct"), true).rest();
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", edge.port())
                    .usePlaintext()
                    .build();
            try {
                KVGrpc.newBlockingStub(channel)
                        .withCompression("gzip")
                        .put(PutRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8("compressed"))
                                .build());
            } finally {
                channel.shutdownNow();
            }
            HttpRequest json = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + "/v3/kv/put"))
                    .POST(HttpRequest.BodyPublishers.ofString("{\"key\":\"anNvbg==\"}"))
                    .build();
            try (HttpClient http = HttpClient.newHttpClient()) {
                http.send(json, HttpResponse.BodyHandlers.ofString());
            }
            await().until(() -> log.lines().size() == 3);
            assertThat(log.lines())
                    .allMatch(line ->
                            line.matches("call [0-9a-f]{16} of 127\\.0\\.0\\.1:.*; in ms: received .*, answered .*"))
                    .anyMatch(line ->
                            line.contains(" \"order-7\", etcdserverpb.KV/Put of key \"direct\", value of 0 bytes: OK"))
                    .anyMatch(line -> line.contains("etcdserverpb.KV/Put of key \"compressed\""))
                    .anyMatch(line -> line.contains("etcdserverpb.KV/Put of key \"json\""));
        }
    }
}
