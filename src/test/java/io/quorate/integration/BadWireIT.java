package io.quorate.integration;

import static io.grpc.Status.Code.INVALID_ARGUMENT;
import static io.grpc.Status.Code.RESOURCE_EXHAUSTED;
import static io.grpc.Status.Code.UNIMPLEMENTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.quorate.fixture.Http1Transport;
import io.quorate.fixture.HttpReply;
import io.quorate.fixture.MemberExtension;
import io.quorate.fixture.RawMarshaller;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are no request: other methods, messages that cannot be decoded, bad JSON, and noise on the port. */
class BadWireIT {

    @RegisterExtension
    static final MemberExtension MEMBER = new MemberExtension();

    private long revision;

    @BeforeEach
    void remember() {
        revision = MEMBER.grpc().put("canary", "alive").getHeader().getRevision();
    }

    @AfterEach
    void nothingChanged() {
        assertThat(MEMBER.grpc().get("canary").getHeader().getRevision()).isEqualTo(revision);
    }

    @ParameterizedTest
    @ValueSource(strings = {"etcdserverpb.KV/Nothing", "etcdserverpb.Nothing/Range", "Nothing/Nothing"})
    void methodWhenUnknownIsUnimplemented(String method) {
        StatusRuntimeException refusal = raw(method, new byte[0]);

        assertThat(refusal.getStatus().getCode()).isEqualTo(UNIMPLEMENTED);
        assertThat(refusal.getStatus().toString()).doesNotContainPattern(BadInputIT.INSIDES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"etcdserverpb.KV/Range", "etcdserverpb.KV/Put", "etcdserverpb.KV/Txn"})
    void messageWhenNotProtobufIsRefused(String method) {
        StatusRuntimeException refusal = raw(method, "garbage".getBytes(StandardCharsets.UTF_8));

        assertThat(refusal.getStatus().toString()).doesNotContainPattern(BadInputIT.INSIDES);
    }

    private static StatusRuntimeException raw(String method, byte[] message) {
        MethodDescriptor<byte[], byte[]> descriptor = MethodDescriptor.newBuilder(
                        RawMarshaller.INSTANCE, RawMarshaller.INSTANCE)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(method)
                .build();
        StatusRuntimeException refusal = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(MEMBER.grpc().channel(), descriptor, CallOptions.DEFAULT, message));
        assertThat(refusal).isNotNull();
        return refusal;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "\"text\"",
                "17",
                "{\"key\":5}",
                "{\"key\":\"***\"}",
                "{\"key\":\"Zm9v\",\"lease\":\"many\"}",
                "{\"key\":\"Zm9v\",\"lease\":99999999999999999999}",
                "{\"key\":\"Zm9v\",\"prev_kv\":\"perhaps\"}",
                "{\"key\":\"Zm9v\"",
                "{\"key\":{\"a\":1}}"
            })
    void jsonWhenMalformedIsRefusedWithoutInsides(String body) {
        try (Http1Transport http = new Http1Transport(MEMBER.member().clientUrl())) {
            HttpReply reply = http.send("POST", "/v3/kv/put", body);

            assertThat(reply.status()).as("%s", reply).isEqualTo(400);
            assertThat(reply.json().path("code").asInt()).isEqualTo(INVALID_ARGUMENT.value());
            assertThat(reply.json().path("message").asString()).isNotEmpty();
            assertThat(reply.body()).doesNotContainPattern(BadInputIT.INSIDES);
        }
    }

    @Test
    void jsonWhenTooLargeIsRefused() {
        String value = "A".repeat(4 << 20);
        try (Http1Transport http = new Http1Transport(MEMBER.member().clientUrl())) {
            HttpReply reply = http.send("POST", "/v3/kv/put", "{\"key\":\"Zm9v\",\"value\":\"" + value + "\"}");

            assertThat(reply.status()).isEqualTo(429);
            assertThat(reply.json().path("code").asInt()).isEqualTo(RESOURCE_EXHAUSTED.value());
            assertThat(reply.body()).doesNotContainPattern(BadInputIT.INSIDES);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/9.9\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nnonsense and more nonsense",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000",
                "POST /v3/kv/put HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
                "\u0000\u0000\u0000\u0000"
            })
    void connectionWhenItSpeaksNonsenseHarmsNobody(String nonsense) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", MEMBER.member().clientPort());
                OutputStream out = socket.getOutputStream()) {
            out.write(nonsense.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            socket.shutdownOutput();
            socket.setSoTimeout(10_000);
            assertThat(answer(socket)).doesNotContainPattern(BadInputIT.INSIDES);
        }
    }

    private static String answer(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException e) {
            return ""; // reset: an answer too
        }
    }
}
