package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.Bytes;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.channel.ChannelFuture;
import io.quorate.api.grpc.CallCounters;
import io.quorate.fixture.MeterReader;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streaming calls, frame by frame. */
class StreamingCallTests extends CallCase {

    private static final String WATCH = "/etcdserverpb.Watch/Watch";
    private static final int LARGE_BYTES = 300_000;

    /** More than the window of a stream has room for. */
    private static final int REQUESTS = 20;

    private H2Client.Stream open(String... more) throws InterruptedException {
        return call(WATCH, more);
    }

    private ServerCallStreamObserver<WatchResponse> service() throws InterruptedException {
        return (ServerCallStreamObserver<WatchResponse>)
                edge.bean(FakeWatch.class).opened.take();
    }

    /** That of the stream opened last. */
    private Executor loop() {
        return edge.bean(FakeWatch.class).loop;
    }

    private static byte[] create(long id) {
        return framed(WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder().setWatchId(id))
                .build());
    }

    private static WatchResponse response(int id) {
        return WatchResponse.newBuilder().setWatchId(id).build();
    }

    private static WatchResponse created(int id) {
        return WatchResponse.newBuilder()
                .setHeader(FakeKv.header(5))
                .setWatchId(id)
                .setCreated(true)
                .build();
    }

    private static String text(Message... messages) {
        StringBuilder all = new StringBuilder();
        for (Message each : messages) {
            all.append(new String(framed(each), StandardCharsets.UTF_8));
        }
        return all.toString();
    }

    private long counted(String name, String... more) {
        String[] labels = {"bidi_stream", "etcdserverpb.Watch", "Watch"};
        String[] all = Arrays.copyOf(labels, labels.length + more.length);
        System.arraycopy(more, 0, all, labels.length, more.length);
        return new MeterReader(edge.bean(CallCounters.class)).value("grpc_server_" + name + "_total", all);
    }

    @Test
    void messagesThatASinglePassSendsShareAFrame() throws Exception {
        H2Client.Stream stream = open();
        StreamObserver<WatchResponse> service = service();
        stream.send(create(1), false);
        assertThat(stream.events.take()).isEqualTo("status 200 ");
        assertThat(stream.events.take()).contains("\u0001");
        CountDownLatch sent = new CountDownLatch(1);
        loop().execute(() -> {
            for (int id = 1; id <= 100; id++) {
                service.onNext(response(id));
            }
            sent.countDown();
        });
        sent.await();
        Message[] all = new Message[100];
        Arrays.setAll(all, i -> response(i + 1));
        assertThat(stream.events.take()).isEqualTo(text(all));
        assertThat(counted("msg_sent")).isEqualTo(101);
        assertThat(counted("msg_received")).isEqualTo(1);
    }

    @Test
    void requestsInWhateverPiecesReachTheServiceInOrder() throws Exception {
        H2Client.Stream stream = open();
        byte[] both = Bytes.concat(create(7), create(8));
        for (byte each : both) {
            stream.send(new byte[] {each}, false);
        }
        assertThat(stream.events.take()).isEqualTo("status 200 ");
        stream.send(Bytes.concat(create(9), create(10)), true);
        String expected = text(created(7), created(8), created(9), created(10));
        StringBuilder answers = new StringBuilder();
        while (answers.length() < expected.length()) {
            answers.append(stream.events.take());
        }
        assertThat(answers).hasToString(expected);
        assertThat(edge.bean(FakeWatch.class).events.take()).isEqualTo("halfclosed");
        assertThat(counted("msg_received")).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    1, 0, 0, 0, 1, 0| grpc 13 grpc: compressed flag set with identity or empty encoding
                    4, 0, 0, 0, 1, 0| grpc 13 grpc: received unexpected payload format 4
                    0, 127, 0, 0, 0| grpc 8 grpc: received message larger than max (2130706432 vs.
                    0, 0, 0, 0, 1, 9| grpc 13 grpc: error unmarshalling request: proto: cannot parse
                    """)
    void streamWhenARequestIsNoneEndsWithTheReason(String bytes, String end) throws Exception {
        H2Client.Stream stream = open();
        byte[] all = new byte[bytes.split(",").length];
        for (int i = 0; i < all.length; i++) {
            all[i] = Byte.parseByte(bytes.split(",")[i].strip());
        }
        assertThat(stream.sendAnyway(all, false).rest()).contains(end);
        assertThat(edge.bean(FakeWatch.class).events.take()).isEqualTo("cancelled");
    }

    @Test
    void streamWhenCutWithinARequestSaysSo() throws Exception {
        H2Client.Stream stream = open();
        assertThat(stream.send(new byte[] {0, 0, 0, 0, 9, 1}, true).rest()).contains("grpc 13 unexpected EOF");
        assertThat(edge.bean(FakeWatch.class).events.take()).isEqualTo("cancelled");
    }

    @Test
    void streamWhenResetIsCancelled() throws Exception {
        H2Client.Stream stream = open();
        ServerCallStreamObserver<WatchResponse> service = service();
        stream.reset();
        assertThat(edge.bean(FakeWatch.class).events.take()).isEqualTo("cancelled");
        assertThat(service.isCancelled()).isTrue();
        assertThat(service.isReady()).isFalse();
        assertThat(counted("handled", "Canceled")).isEqualTo(1);
    }

    @Test
    void streamWhenItsTimeIsOverSaysSo() throws Exception {
        H2Client.Stream stream = open("grpc-timeout", "50m");
        assertThat(stream.rest()).contains("grpc 4 context deadline exceeded");
        assertThat(edge.bean(FakeWatch.class).events.take()).isEqualTo("cancelled");
    }

    @Test
    void windowStaysShutWhileRequestsWaitForTheService() throws Exception {
        edge.bean(FakeWatch.class).asksForNothing = true;
        H2Client.Stream stream = open();
        ServerCallStreamObserver<WatchResponse> service = service();
        byte[] large = framed(WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder().setKey(ByteString.copyFrom(new byte[10_000])))
                .build());
        for (int i = 1; i < REQUESTS; i++) {
            var unused = stream.sendLater(large);
        }
        ChannelFuture last = stream.sendLater(large);
        service.request(1);
        assertThat(stream.events.take()).isEqualTo("status 200 ");
        int answerLength = text(created(0)).length();
        assertThat(stream.events.take()).hasSize(answerLength);
        assertThat(last.isDone()).isFalse();
        service.request(REQUESTS);
        int length = 0;
        while (length < answerLength * (REQUESTS - 1)) {
            length += stream.events.take().length();
        }
        assertThat(length).isEqualTo(answerLength * (REQUESTS - 1));
        assertThat(last.await(1, TimeUnit.MINUTES)).isTrue();
    }

    /** What the client's window has no room for is not lost when the service ends its call. */
    @Test
    void endFollowsWhatWaitsForTheClient() throws Exception {
        H2Client.Stream stream = open();
        ServerCallStreamObserver<WatchResponse> service = service();
        WatchResponse large = WatchResponse.newBuilder()
                .setCancelReasonBytes(ByteString.copyFrom(new byte[LARGE_BYTES]))
                .build();
        loop().execute(() -> {
            service.onNext(large);
            service.onNext(response(2));
            service.onError(Status.UNAVAILABLE.withDescription("over").asRuntimeException());
        });
        String all = stream.rest();
        assertThat(all)
                .hasSize("status 200 ".length() + text(large, response(2)).length() + "grpc 14 over".length());
        assertThat(all).endsWith("grpc 14 over");
        assertThat(counted("handled", "Unavailable")).isEqualTo(1);
    }

    @Test
    void serviceIsReadyUntilTheClientTakesNothing() throws Exception {
        H2Client.Stream stream = open();
        ServerCallStreamObserver<WatchResponse> service = service();
        stream.hold(true);
        CountDownLatch full = new CountDownLatch(1);
        loop().execute(() -> fill(service, full));
        assertThat(full.await(1, TimeUnit.MINUTES)).isTrue();
        stream.hold(false);
        while (!service.isReady()) {
            assertThat(stream.events.take()).isNotEmpty();
        }
        loop().execute(service::onCompleted);
        assertThat(stream.rest()).endsWith("grpc 0 ");
    }

    private void fill(ServerCallStreamObserver<WatchResponse> service, CountDownLatch full) {
        for (int i = 0; i < 100 && service.isReady(); i++) {
            service.onNext(WatchResponse.newBuilder()
                    .setCancelReasonBytes(ByteString.copyFrom(new byte[1000]))
                    .build());
        }
        if (service.isReady()) {
            loop().execute(() -> fill(service, full));
        } else {
            full.countDown();
        }
    }
}
