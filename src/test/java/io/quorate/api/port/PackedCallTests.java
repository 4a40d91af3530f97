package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.Bytes;
import com.google.common.primitives.Ints;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.quorate.proto.PutRequest;
import io.quorate.proto.PutResponse;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls whose messages are packed by gzip, frame by frame; the texts are etcd's. */
class PackedCallTests extends CallCase {

    private static final String PUT = "/etcdserverpb.KV/Put";
    private static final String[] GZIP = {"grpc-encoding", "gzip"};

    private static byte[] packed(byte[] message) {
        return Bytes.concat(new byte[] {1}, Ints.toByteArray(message.length), message);
    }

    private static byte[] packed(Message message) throws IOException {
        return packed(PackedMessageTests.gzip(message.toByteArray()));
    }

    private static PutRequest put(String key, int valueBytes) {
        return PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFrom(new byte[valueBytes]))
                .build();
    }

    private long held() {
        return edge.bean(ClientMemory.class).messages().heldBytes();
    }

    private static byte[] plain(byte[] framed) throws IOException {
        byte[] body = Arrays.copyOfRange(framed, 5, framed.length);
        return framed[0] == 0 ? body : new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
    }

    /** The message of an answer, as it came. */
    private static byte[] answer(RawHttp2 connection, int stream) throws IOException {
        byte[] all = {};
        while (all.length < 5 || all.length < 5 + Ints.fromBytes(all[1], all[2], all[3], all[4])) {
            byte[] more = connection.next(RawHttp2.DATA, 0).payload();
            connection.write(RawHttp2.WINDOW, 0, 0, Ints.toByteArray(more.length));
            connection.write(RawHttp2.WINDOW, 0, stream, Ints.toByteArray(more.length));
            all = Bytes.concat(all, more);
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 300, 100_000, 2_000_000})
    void requestWhenPackedIsServedAndItsAnswerPacked(int valueBytes) throws Exception {
        try (RawHttp2 connection = new RawHttp2(edge.port())) {
            connection.call(1, PUT, GZIP);
            connection.write(RawHttp2.DATA, RawHttp2.END, 1, packed(put("k", valueBytes)));
            byte[] answer = answer(connection, 1);
            assertThat(answer[0]).isEqualTo((byte) 1);
            assertThat(PutResponse.parseFrom(plain(answer)).getHeader().getRaftTerm())
                    .isEqualTo(3);
            connection.next(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END);
        }
        assertThat(held()).isZero();
    }

    @Test
    void requestWhenItComesByteByByteIsServed() throws Exception {
        H2Client.Stream call = call(PUT, GZIP);
        for (byte one : packed(put("key of some length", 100))) {
            call.send(new byte[] {one}, false);
        }
        assertThat(call.send(new byte[0], true).rest())
                .startsWith("status 200 ")
                .endsWith("grpc 0 ");
    }

    /** The encoding says what may be packed, not what is. */
    @Test
    void requestWhenItIsNotPackedIsServed() throws Exception {
        assertThat(call(PUT, GZIP).send(framed(put("k", 0)), true).rest()).endsWith("grpc 0 ");
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 60_000, 300_000})
    void answerWhenLargeMayComeAsItIs(int valueBytes) throws Exception {
        assertThat(call(PUT).send(framed(put("k", valueBytes)), true).rest()).endsWith("grpc 0 ");
        RangeRequest range =
                RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).build();
        try (RawHttp2 connection = new RawHttp2(edge.port())) {
            connection.call(1, "/etcdserverpb.KV/Range", GZIP);
            connection.write(RawHttp2.DATA, RawHttp2.END, 1, packed(range));
            byte[] answer = answer(connection, 1);
            assertThat(answer[0]).isEqualTo((byte) (valueBytes <= 60_000 ? 1 : 0));
            assertThat(RangeResponse.parseFrom(plain(answer)).getKvs(0).getValue())
                    .hasSize(valueBytes);
            connection.next(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END);
        }
    }

    @Test
    void requestWhenItGrowsTooLargeIsRefused() throws Exception {
        byte[] bomb = packed(PackedMessageTests.gzip(new byte[50_000_000]));
        H2Client.Stream call = call(PUT, GZIP).sendAnyway(bomb, true);
        assertThat(call.rest())
                .isEqualTo("status 200 grpc 8 grpc: received message after decompression larger than max 2097152");
        assertThat(held()).isZero();
    }

    @Test
    void requestWhenItIsNotWhatGzipMakesIsRefused() throws Exception {
        assertThat(call(PUT, GZIP).send(packed(new byte[] {1, 2, 3}), true).rest())
                .isEqualTo("status 200 grpc 13 grpc: failed to decompress the message: unexpected EOF");
        assertThat(call(PUT, GZIP)
                        .send(packed(PackedMessageTests.gzip(new byte[] {9})), true)
                        .rest())
                .startsWith("status 200 grpc 13 grpc: error unmarshalling request");
    }

    /** Of several encodings the last one counts. */
    @Test
    void requestWhenItsEncodingIsTakenBackIsRefused() throws Exception {
        H2Client.Stream call = call(PUT, "grpc-encoding", "gzip", "grpc-encoding", "identity");
        assertThat(call.send(packed(put("k", 0)), true).rest())
                .isEqualTo("status 200 grpc 13 grpc: compressed flag set with identity or empty encoding");
    }

    @Test
    void streamWhenPackedHasItsMessagesPackedOneByOne() throws Exception {
        try (RawHttp2 connection = new RawHttp2(edge.port())) {
            connection.call(1, "/etcdserverpb.Watch/Watch", GZIP);
            for (int id = 1; id <= 3; id++) {
                connection.write(RawHttp2.DATA, 0, 1, packed(create(id, 0)));
                byte[] answer = answer(connection, 1);
                assertThat(answer[0]).isEqualTo((byte) 1);
                assertThat(WatchResponse.parseFrom(plain(answer)).getWatchId()).isEqualTo(id);
            }
        }
    }

    @Test
    void streamWhenARequestGrowsTooLargeEnds() throws Exception {
        H2Client.Stream stream = call("/etcdserverpb.Watch/Watch", GZIP);
        stream.send(packed(create(1, 3_000_000)), false);
        assertThat(stream.rest()).contains("grpc 8 grpc: received message after decompression larger than max");
        assertThat(edge.bean(FakeWatch.class).events.take()).isEqualTo("cancelled");
    }

    private static WatchRequest create(long id, int keyBytes) {
        return WatchRequest.newBuilder()
                .setCreateRequest(
                        WatchCreateRequest.newBuilder().setWatchId(id).setKey(ByteString.copyFrom(new byte[keyBytes])))
                .build();
    }
}
