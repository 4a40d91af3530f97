package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.primitives.Bytes;
import com.google.common.primitives.Ints;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Frames and chunks in every order and size, from clients that announce and do not send, send and do not read, and stop in
 * the middle: what is held for them stays within the budgets, and all of it is given back.
 */
class FrameFuzzTests {

    private static final long MESSAGES = 4 << 20;
    private static final long BUFFERS = 4 << 20;

    /** For a few connections: what they read and write, in the chunks of Netty's pool. */
    private static final long DIRECT_BYTES_MAX = 96 << 20;

    private static final int HEADERS = 1;
    private static final int CALL_FLAGS = 4;
    private static final List<String> PATHS = List.of(
            "/etcdserverpb.KV/Put",
            "/etcdserverpb.KV/Put",
            "/etcdserverpb.KV/Range",
            "/etcdserverpb.Watch/Watch",
            "/x.Y/Z");

    private EdgeFixture edge;
    private ClientMemory memory;
    private long directBefore;

    @BeforeEach
    void start() {
        edge = EdgeFixture.start(options -> options.withMessageMemoryBytes(MESSAGES)
                .withBufferMemoryBytes(BUFFERS)
                .withMemoryPatience(Duration.ofMillis(200)));
        memory = edge.bean(ClientMemory.class);
        directBefore = PlatformDependent.usedDirectMemory();
    }

    @AfterEach
    void stop() {
        edge.close();
    }

    private void checkHeld(String when) {
        MemoryBudget messages = memory.messages();
        assertThat(messages.heldBytes()).as(when).isLessThanOrEqualTo(MESSAGES + MESSAGES / 8);
        assertThat(memory.buffers().heldBytes()).as(when).isLessThanOrEqualTo(BUFFERS + BUFFERS / 8);
        assertThat(PlatformDependent.usedDirectMemory() - directBefore).as(when).isLessThan(DIRECT_BYTES_MAX);
    }

    private void checkGivenBack() {
        await("what was held")
                .until(() ->
                        memory.messages().heldBytes() == 0 && memory.buffers().heldBytes() == 0);
        assertThat(memory.messages().waiting()).isZero();
    }

    private static byte[] header(int stream, String path, boolean end) {
        return RawHttp2.frame(HEADERS, CALL_FLAGS | (end ? 1 : 0), stream, RawHttp2.fields(path, "application/grpc"));
    }

    private static void preface(Socket socket) throws IOException {
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        settle(socket);
    }

    /** Settings are acknowledged in order, so what was sent before them has been dealt with. */
    private static void settle(Socket socket) throws IOException {
        socket.getOutputStream().write(RawHttp2.frame(4, 0, 0, new byte[0]));
        InputStream in = socket.getInputStream();
        byte[] head = in.readNBytes(9);
        while (head.length == 9 && !(head[3] == 4 && head[4] == 1)) {
            in.skipNBytes((head[0] & 0xFF) << 16 | (head[1] & 0xFF) << 8 | head[2] & 0xFF);
            head = in.readNBytes(9);
        }
    }

    @Test
    void messagesWhenOnlyAnnouncedTakeNoMemory() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", edge.port())) {
            OutputStream out = socket.getOutputStream();
            preface(socket);
            for (int i = 0; i < 4000; i++) {
                out.write(header(2 * i + 1, PATHS.getFirst(), false));
                out.write(RawHttp2.frame(0, 0, 2 * i + 1, new byte[] {0, 0, 0x1f, 0, 0}));
                if (i % 500 == 0) {
                    settle(socket);
                }
            }
            settle(socket);
            checkHeld("all announced");
            assertThat(memory.messages().heldBytes()).isZero();
        }
        checkGivenBack();
    }

    @Test
    void messagesWhenTheyStopHalfwayStayWithinTheBudget() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", edge.port())) {
            OutputStream out = socket.getOutputStream();
            preface(socket);
            byte[] begun = Bytes.concat(new byte[] {0, 0, 0x1f, 0, 0}, new byte[16_000]);
            for (int i = 0; i < 1000; i++) {
                out.write(header(2 * i + 1, PATHS.get(i % 4), false));
                out.write(RawHttp2.frame(0, 0, 2 * i + 1, begun));
                if (i % 10 == 0) {
                    settle(socket);
                    checkHeld("stream " + i);
                }
            }
            settle(socket);
            assertThat(memory.messages().refusals()).isPositive();
        }
        checkGivenBack();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void framesWhenRandomAreDealtWithWithinTheBudget(long seed) throws IOException {
        Random random = new Random(seed);
        try (Socket socket = new Socket("127.0.0.1", edge.port())) {
            OutputStream out = socket.getOutputStream();
            preface(socket);
            int streams = 0;
            for (int i = 0; i < 600; i++) {
                byte[] frames;
                int stream = 2 * random.nextInt(streams + 1) + 1;
                switch (random.nextInt(10)) {
                    case 0, 1, 2 -> {
                        stream = 2 * streams++ + 1;
                        frames = header(stream, PATHS.get(random.nextInt(PATHS.size())), random.nextInt(20) == 0);
                    }
                    case 3 -> frames = RawHttp2.frame(0, random.nextInt(2), stream, new byte[random.nextInt(3)]);
                    case 4 -> frames = RawHttp2.frame(0, 0, stream, prefix(random, 1 + random.nextInt(3_000_000)));
                    case 5 -> frames = RawHttp2.frame(0, 8, stream, padded(random));
                    case 6 -> frames = RawHttp2.frame(2, 0, stream, new byte[5]);
                    case 7 -> frames = RawHttp2.frame(3, 0, stream, Ints.toByteArray(8));
                    case 8 -> frames = RawHttp2.frame(8, 0, stream, Ints.toByteArray(1 + random.nextInt(100_000)));
                    default -> frames = RawHttp2.frame(0, random.nextInt(2), stream, new byte[random.nextInt(16_000)]);
                }
                inPieces(out, frames, random);
                if (i % 25 == 0) {
                    settle(socket);
                    checkHeld("seed " + seed + ", frame " + i);
                }
            }
        } catch (SocketException | java.io.EOFException ended) {
            checkHeld("seed " + seed + ", ended"); // what breaks the rules of HTTP/2 ends the connection
        }
        checkGivenBack();
    }

    private static byte[] prefix(Random random, int length) {
        byte[] body = new byte[random.nextInt(8000)];
        return Bytes.concat(new byte[] {0}, Ints.toByteArray(length), body);
    }

    private static byte[] padded(Random random) {
        int padding = random.nextInt(200);
        byte[] payload = new byte[1 + random.nextInt(2000) + padding];
        payload[0] = (byte) padding;
        return payload;
    }

    private static void inPieces(OutputStream out, byte[] bytes, Random random) throws IOException {
        for (int from = 0; from < bytes.length; ) {
            int length = random.nextInt(4) == 0 ? 1 + random.nextInt(12) : bytes.length;
            length = Math.min(length, bytes.length - from);
            out.write(bytes, from, length);
            out.flush();
            from += length;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void chunksWhenRandomAreDealtWithWithinTheBudget(long seed) throws IOException {
        Random random = new Random(seed);
        for (int connection = 0; connection < 8; connection++) {
            try (Socket socket = new Socket("127.0.0.1", edge.port())) {
                OutputStream out = socket.getOutputStream();
                String path = random.nextBoolean() ? "/v3/kv/put" : "/v3/watch";
                out.write(("POST " + path + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                chunk(out, "{\"key\":\"");
                for (int i = 0; i < 400; i++) {
                    boolean large = random.nextInt(10) == 0;
                    chunk(out, "A".repeat(4 * (1 + random.nextInt(large ? 10_000 : 3))));
                    if (i % 50 == 0) {
                        checkHeld("seed " + seed);
                    }
                }
                if (random.nextBoolean()) {
                    chunk(out, "\"}");
                    out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                }
            } catch (SocketException refused) {
                checkHeld("seed " + seed + ", refused");
            }
        }
        checkGivenBack();
    }

    private static void chunk(OutputStream out, String text) throws IOException {
        out.write((Integer.toHexString(text.length()) + "\r\n" + text + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
