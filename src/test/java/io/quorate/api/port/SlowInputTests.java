package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.Bytes;
import com.google.common.primitives.Ints;
import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.quorate.api.port.CallTracer.CallTracers;
import io.quorate.api.port.ClientPortServerFactory.ClientBounds;
import io.quorate.proto.PutRequest;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send little by little, on the services and pages of an edge, in a time that the test moves. */
class SlowInputTests {

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final String PUT = "/etcdserverpb.KV/Put";
    private static final String WATCH = "/etcdserverpb.Watch/Watch";
    private static final int CONTINUATION = 9;
    private static final int MIB = 1 << 20;

    /** A minute, and the time between two looks. */
    private static final int PATIENCE_SECONDS = 76;

    /** A line of 64 kbit/s. */
    private static final int SLOW_BYTES_A_SECOND = 8 * 1024;

    private static EdgeFixture edge;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    @BeforeAll
    static void startEdge() {
        edge = EdgeFixture.start();
    }

    @AfterAll
    static void stopEdge() {
        edge.close();
    }

    @BeforeEach
    void connect() {
        channel.freezeTime();
        channel.pipeline().addLast(new PortSharingHandler(new Port()));
    }

    @AfterEach
    void close() {
        edge.bean(FakeWatch.class).asksForNothing = false;
        if (channel.isOpen()) {
            var unused = channel.writeOneOutbound(CloseOrder.NOW);
        }
        channel.runPendingTasks();
        channel.finishAndReleaseAll();
        assertThat(edge.bean(ClientMemory.class).messages().heldBytes()).isZero();
    }

    /** The port of the edge, whatever comes in. */
    private static final class Port implements PortSharingHandler.Settings {

        private final ListenAddress address = ListenAddress.parse("http://127.0.0.1:1");
        private final ClientPortSettings options = edge.bean(ClientPortSettings.class);

        @Override
        public HttpHandler http(ListenSockets.Place place) {
            return edge.http();
        }

        @Override
        public PortMethods methods() {
            return new PortMethods(
                    edge.bean(ClientPortServerFactory.class).services(),
                    edge.bean(CallTracers.class),
                    options.maxReceiveBytes());
        }

        @Override
        public ClientPortSettings options() {
            return options;
        }

        @Override
        public ClientBounds bounds() {
            return edge.bean(ClientBounds.class);
        }

        @Override
        public ListenSockets.Place place(ChannelHandlerContext ctx) {
            return new ListenSockets.Place(List.of(address));
        }
    }

    // ---- what a client does

    private void send(byte[] bytes) {
        if (channel.isOpen()) {
            channel.writeInbound(Unpooled.wrappedBuffer(bytes));
            work();
        }
    }

    private void send(String text) {
        send(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void seconds(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        work();
    }

    private void work() {
        channel.runPendingTasks();
        for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
            byte[] bytes = new byte[piece.readableBytes()];
            piece.readBytes(bytes).release();
            output.writeBytes(bytes);
        }
    }

    private String output() {
        return output.toString(StandardCharsets.ISO_8859_1);
    }

    /** Sends a part a second until the member has had enough. */
    private int drip(byte[] part, int secondsMax, String expected) {
        int passed = 0;
        while (passed < secondsMax && channel.isOpen() && !output().contains(expected)) {
            send(part);
            seconds(1);
            passed++;
        }
        return passed;
    }

    private void startHttp2() {
        send(PREFACE);
        send(RawHttp2.frame(RawHttp2.SETTINGS, 0, 0, new byte[0]));
    }

    private void call(int stream, String path) {
        send(RawHttp2.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, RawHttp2.fields(path, "application/grpc")));
    }

    private static byte[] put(int bytes) {
        return CallCase.framed(PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("k"))
                .setValue(ByteString.copyFrom(new byte[bytes]))
                .build());
    }

    private static byte[] watch() {
        return CallCase.framed(WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")))
                .build());
    }

    private static byte[] data(int stream, byte[] payload, boolean last) {
        return RawHttp2.frame(RawHttp2.DATA, last ? RawHttp2.END : 0, stream, payload);
    }

    // ---- HTTP/2

    @Test
    void callWhenItsMessageDripsEndsWithinItsTime() {
        startHttp2();
        call(1, PUT);
        send(data(1, Arrays.copyOf(put(MIB), 5), false));
        assertThat(drip(data(1, new byte[1], false), 1000, "the request is not whole"))
                .isBetween(60, PATIENCE_SECONDS);
        assertThat(output()).contains("grpc-status");
        assertThat(channel.isOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {PUT, "/etcdserverpb.KV/RangeStream", "/etcdserverpb.KV/Range"})
    void callWhenItsMessageNeverBeginsEndsWithinItsTime(String path) {
        startHttp2();
        call(1, path);
        assertThat(drip(new byte[0], 1000, "the request is not whole")).isBetween(60, PATIENCE_SECONDS);
        assertThat(output()).contains("grpc-status");
    }

    @Test
    void callWhenItsLineIsSlowIsServed() {
        startHttp2();
        call(1, PUT);
        byte[] message = put(3 * MIB / 2);
        for (int from = 0; from < message.length; from += SLOW_BYTES_A_SECOND) {
            int to = Math.min(message.length, from + SLOW_BYTES_A_SECOND);
            send(data(1, Arrays.copyOfRange(message, from, to), to == message.length));
            seconds(1);
        }
        assertThat(output()).contains("grpc-status").doesNotContain("not whole");
    }

    /** As clients do it that fill the window of one stream before they turn to the next. */
    @Test
    void callsWhenTheyShareASlowLineAreServed() {
        startHttp2();
        int calls = 12;
        byte[] message = put(MIB / 4);
        int part = 8 * 1024;
        for (int stream = 1; stream < 2 * calls; stream += 2) {
            call(stream, PUT);
        }
        for (int window = 0; window < message.length; window += 8 * part) {
            for (int stream = 1; stream < 2 * calls; stream += 2) {
                for (int from = window; from < Math.min(message.length, window + 8 * part); from += part) {
                    int to = Math.min(message.length, from + part);
                    send(data(stream, Arrays.copyOfRange(message, from, to), to == message.length));
                    seconds(1);
                }
            }
        }
        assertThat(output().split("grpc-status", -1)).hasSize(2); // then it is indexed
        assertThat(output()).doesNotContain("not whole");
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void streamWhenItIsSilentBetweenMessagesStaysForDays() {
        startHttp2();
        call(1, WATCH);
        send(data(1, watch(), false));
        int size = output.size();
        for (int hour = 0; hour < 72; hour++) {
            seconds(3600);
        }
        assertThat(output.size()).isEqualTo(size);
        send(data(1, watch(), false));
        assertThat(output.size()).isGreaterThan(size);
    }

    @Test
    void streamWhenItIsSilentWithinAMessageEndsWithinItsTime() {
        startHttp2();
        call(1, WATCH);
        send(data(1, watch(), false));
        send(data(1, Arrays.copyOf(watch(), 3), false));
        assertThat(drip(new byte[0], 1000, "the request is not whole")).isBetween(60, PATIENCE_SECONDS);
    }

    /** Messages of which each is in time are none that has taken too long. */
    @Test
    void streamWhenEachMessageComesInPiecesStays() {
        startHttp2();
        call(1, WATCH);
        byte[] message = watch();
        for (int i = 0; i < 100; i++) {
            send(data(1, Arrays.copyOf(message, 3), false));
            seconds(14);
            send(data(1, Arrays.copyOfRange(message, 3, message.length), false));
            seconds(1);
        }
        assertThat(output()).doesNotContain("not whole");
    }

    @Test
    void streamWhenTheMemberHoldsItUpStays() {
        edge.bean(FakeWatch.class).asksForNothing = true;
        startHttp2();
        call(1, WATCH);
        byte[] message = CallCase.framed(WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder().setKey(ByteString.copyFrom(new byte[10_000])))
                .build());
        byte[] all = Bytes.concat(message, message, message, message, message, message, message);
        for (int from = 0; from < 64 * 1024; from += 16 * 1024) { // all that the window takes, the last in part
            send(data(1, Arrays.copyOfRange(all, from, from + 16 * 1024), false));
        }
        for (int i = 0; i < 1000; i++) {
            seconds(1);
        }
        assertThat(output()).doesNotContain("not whole");
    }

    @Test
    void frameWhenItDripsEndsTheConnection() {
        startHttp2();
        call(1, WATCH);
        send(Arrays.copyOf(data(1, new byte[16 * 1024], false), 20));
        assertThat(drip(new byte[1], 1000, "a frame comes too slowly")).isBetween(60, PATIENCE_SECONDS);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void headOfAFrameWhenItDoesNotComeEndsTheConnection() {
        startHttp2();
        send(new byte[] {0});
        assertThat(drip(new byte[0], 1000, "a frame comes too slowly")).isBetween(60, PATIENCE_SECONDS);
    }

    @Test
    void headerBlockWhenItDripsEndsTheConnection() {
        startHttp2();
        byte[] block = RawHttp2.fields(PUT, "application/grpc");
        send(RawHttp2.frame(RawHttp2.HEADERS, 0, 1, Arrays.copyOf(block, 20)));
        int passed = 0;
        for (int i = 20; i < block.length && channel.isOpen() && passed < 1000; i++) {
            send(RawHttp2.frame(CONTINUATION, 0, 1, new byte[] {block[i]}));
            seconds(5); // Netty takes 16 such frames
            passed += 5;
        }
        assertThat(passed).isBetween(60, PATIENCE_SECONDS);
        assertThat(output()).contains("a frame comes too slowly");
    }

    @Test
    void connectionWhenNothingFollowsThePrefaceEnds() {
        send(PREFACE);
        assertThat(drip(new byte[0], 1000, "a frame comes too slowly")).isBetween(60, PATIENCE_SECONDS);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void connectionWhenItIsIdleStays() {
        startHttp2();
        for (int i = 0; i < 100; i++) {
            seconds(60);
        }
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void firstBytesWhenTheyDripEndTheConnection() {
        int passed = 0;
        for (int i = 0; i < PREFACE.length() && channel.isOpen(); i++) {
            send(PREFACE.substring(i, i + 1));
            seconds(1);
            passed++;
        }
        assertThat(passed).isEqualTo(10);
    }

    @Test
    void jsonOverHttp2WhenItDripsIs408() {
        startHttp2();
        send(RawHttp2.frame(
                RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, RawHttp2.fields("/v3/kv/put", "application/json")));
        send(data(1, new byte[] {'{'}, false));
        assertThat(drip(data(1, new byte[] {' '}, false), 1000, "408 Request Timeout"))
                .isBetween(60, PATIENCE_SECONDS);
        assertThat(channel.isOpen()).isTrue();
        assertThat(edge.bean(ClientMemory.class).messages().heldBytes()).isZero();
    }

    /** Answers that a client does not take: of the small ones there may be any number. */
    @Test
    void answersWhenTheyWaitForTheClientAreAccountedFor() {
        startHttp2();
        send(RawHttp2.frame(RawHttp2.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0})); // windows of no size
        MemoryBudget messages = edge.bean(ClientMemory.class).messages();
        for (int i = 0; i < 10; i++) {
            call(1 + 2 * i, PUT);
            send(data(1 + 2 * i, put(10), true));
        }
        assertThat(messages.heldBytes()).isEqualTo(10 * 4096);
        messages.hold(2 * messages.limitBytes());
        output.reset();
        call(21, PUT);
        send(data(21, put(10), true));
        messages.release(2 * messages.limitBytes());
        byte[] reset = RawHttp2.frame(RawHttp2.RESET, 0, 21, Ints.toByteArray(11));
        assertThat(output()).contains(new String(reset, StandardCharsets.ISO_8859_1));
        send(RawHttp2.frame(RawHttp2.WINDOW, 0, 1, Ints.toByteArray(1000)));
        assertThat(messages.heldBytes()).isEqualTo(9 * 4096);
        assertThat(output()).contains("grpc-status");
    }

    // ---- HTTP/1.1

    @ParameterizedTest
    @ValueSource(strings = {"/v3/kv/put", "/api/v1/hello", "/version", "/v3/watch"})
    void bodyWhenItDripsIs408OrEndsTheConnection(String path) {
        send("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{");
        int passed = drip(new byte[] {' '}, 1000, "408 Request Timeout");
        assertThat(passed).isLessThanOrEqualTo(PATIENCE_SECONDS);
        seconds(1);
        assertThat(channel.isOpen()).isFalse();
        assertThat(edge.bean(ClientMemory.class).messages().heldBytes()).isZero();
    }

    @Test
    void bodyWhenItsLineIsSlowIsTaken() {
        String value = "A".repeat(3 * MIB / 2);
        String body = "{\"key\":\"aaaa\",\"value\":\"" + value + "\"}";
        send("POST /v3/kv/put HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n");
        for (int from = 0; from < body.length(); from += SLOW_BYTES_A_SECOND) {
            send(body.substring(from, Math.min(body.length(), from + SLOW_BYTES_A_SECOND)));
            seconds(1);
        }
        assertThat(output()).startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void bodyOfAStreamWhenItIsSilentBetweenRequestsStays() {
        send("POST /v3/watch HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        send("21\r\n{\"create_request\":{\"key\":\"YQ==\"}}\r\n");
        for (int i = 0; i < 1000; i++) {
            seconds(60);
        }
        assertThat(channel.isOpen()).isTrue();
        assertThat(output()).contains("\"created\":true");
        send("1\r\n{\r\n");
        drip(new byte[0], PATIENCE_SECONDS, "never said");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void requestsWhenTheAnswersAreNotTakenWait() {
        send("GET /version HTTP/1.1\r\nHost: x\r\n\r\n");
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        int size = output.size();
        for (int i = 0; i < 1000 && channel.config().isAutoRead(); i++) {
            send("GET /version HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        assertThat(channel.config().isAutoRead()).isFalse();
        assertThat(output.size()).isEqualTo(size);
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        work();
        assertThat(output.size()).isGreaterThan(10 * size);
        assertThat(channel.config().isAutoRead()).isTrue();
    }
}
