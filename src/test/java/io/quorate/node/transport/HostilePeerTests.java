package io.quorate.node.transport;

import static io.quorate.node.transport.PeerFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.quorate.fixture.Steps;
import io.quorate.node.transport.PeerFixture.Peer;
import io.quorate.raft.MessageType;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that send what no member sends, or nothing at all: nobody else may notice. */
class HostilePeerTests {

    private static final int READ_LIMIT_MILLIS = 20_000;

    private final PeerFixture fixture = new PeerFixture();
    private Peer good;
    private Peer victim;

    @BeforeEach
    void connect() throws IOException {
        good = impatient(1);
        victim = impatient(2);
        victim.knows(1L, 2L);
        good.knows(1L, 2L).awaitActive(2);
    }

    private Peer impatient(long id) throws IOException {
        return fixture.peer(id, PeerFixture.CLUSTER, PeerSettings.DEFAULT.withTiming(PeerFixture.IMPATIENT));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Socket dial() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), fixture.address(2).port());
        socket.setSoTimeout(READ_LIMIT_MILLIS);
        return socket;
    }

    private static byte[] frame(FrameType type, Consumer<ByteBuf> body) {
        ByteBuf frame = Frame.write(ByteBufAllocator.DEFAULT, type, 16, body);
        try {
            return ByteBufUtil.getBytes(frame);
        } finally {
            frame.release();
        }
    }

    private static byte[] greeting(long from) {
        return frame(FrameType.HELLO, Hello.of(new PeerIdentity(PeerFixture.CLUSTER, from, "x"), 2, Lane.LOG)::write);
    }

    private void assertGoodPeerIsServed() {
        int before = victim.received.size();
        good.network.send(List.of(message(MessageType.HEARTBEAT, 1, 2, 77)));
        Steps.until(() -> victim.received.size() > before);
        assertThat(victim.received.getLast().index()).isEqualTo(77);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void readWhenBytesAreRandomEndsTheConnection(long seed) throws IOException {
        byte[] garbage = new byte[64 * 1024];
        new Random(seed).nextBytes(garbage);
        try (Socket socket = dial()) {
            sendAll(socket, garbage);
            assertThat(endsOf(socket)).isTrue();
        }
        assertGoodPeerIsServed();
    }

    @Test
    void readWhenARequestOfHttpComesEndsTheConnection() throws IOException {
        try (Socket socket = dial()) {
            sendAll(socket, "GET /version HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(endsOf(socket)).isTrue();
        }
        assertGoodPeerIsServed();
    }

    @Test
    void readWhenAFrameIsDamagedDeliversNothingOfIt() throws IOException {
        byte[] damaged = frame(FrameType.MESSAGES, body -> MessageCodec.write(message(MessageType.APP, 3, 2, 1), body));
        damaged[damaged.length - 5] ^= 1;
        try (Socket socket = dial()) {
            sendAll(socket, greeting(3));
            sendAll(socket, damaged);
            assertThat(endsOf(socket)).isTrue();
        }
        assertThat(victim.received).isEmpty();
        assertGoodPeerIsServed();
    }

    @Test
    void readWhenTheGreetingIsLongerThanAnyEndsTheConnection() throws IOException {
        try (Socket socket = dial()) {
            sendAll(socket, frame(FrameType.HELLO, body -> body.writeZero(9 * 1024)));
            assertThat(endsOf(socket)).isTrue();
        }
        assertGoodPeerIsServed();
    }

    @Test
    void readWhenTheProtocolDiffersSaysSo() throws IOException {
        Hello other = new Hello(Hello.PROTOCOL + 1, PeerFixture.CLUSTER, 3, 2, Lane.LOG, "x", 0, 0);
        try (Socket socket = dial()) {
            sendAll(socket, frame(FrameType.HELLO, other::write));
            byte[] answer = socket.getInputStream().readNBytes(Frame.HEADER_BYTES + 2);
            assertThat(answer[Frame.HEADER_BYTES]).isEqualTo((byte) FrameType.REFUSED.number());
            assertThat(answer[Frame.HEADER_BYTES + 1]).isEqualTo((byte) Refusal.VERSION.number());
        }
    }

    @Test
    void readWhenNothingComesEndsTheConnection() throws IOException {
        try (Socket socket = dial()) {
            assertThat(endsOf(socket)).isTrue();
        }
        assertGoodPeerIsServed();
    }

    @Test
    void dialWhenThePeerNeverAnswersPingsGivesUpOnIt() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread welcomer = Thread.ofPlatform().daemon(true).start(() -> welcomeAll(mute));
            fixture.addresses.put(9L, new PeerAddress("127.0.0.1", mute.getLocalPort(), false));
            good.knows(1L, 2L, 9L).awaitActive(9);
            Steps.until(() -> good.countersOf(9).disconnects() > 0);
            assertThat(welcomer.isAlive()).isTrue();
        }
        assertGoodPeerIsServed();
    }

    private static void welcomeAll(ServerSocket server) {
        byte[] welcome = frame(FrameType.WELCOME, body -> body.writeLong(0));
        try {
            while (true) {
                sendAll(server.accept(), welcome);
            }
        } catch (IOException e) {
            assertThat(server.isClosed()).isTrue();
        }
    }

    @Test
    void sendWhenThePeerDoesNotReadLosesMessagesInsteadOfKeepingThem() throws IOException {
        try (ServerSocket deaf = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon(true).start(() -> welcomeAll(deaf));
            PeerSettings small =
                    PeerSettings.DEFAULT.withTiming(PeerFixture.TIMING).withQueueBytesMax(1 << 20);
            Peer sender = fixture.peer(4, PeerFixture.CLUSTER, small);
            fixture.addresses.put(9L, new PeerAddress("127.0.0.1", deaf.getLocalPort(), false));
            sender.knows(9L).awaitActive(9);
            var large = message(MessageType.APP, 4, 9, 1).toBuilder()
                    .entries(List.of(
                            new io.quorate.raft.Entry(1, 1, io.quorate.raft.EntryType.NORMAL, new byte[200_000])))
                    .build();
            Steps.until(() -> {
                sender.network.send(Collections.nCopies(50, large));
                return sender.countersOf(9).sendFailures() > 0;
            });
            assertThat(sender.unreachable).contains(9L);
        }
    }

    /** What was sent may be refused before it is all taken; then the connection has ended as well. */
    private static void sendAll(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("(?i).*(reset|pipe|closed).*");
        }
    }

    private static boolean endsOf(Socket socket) {
        try (InputStream in = socket.getInputStream()) {
            in.readAllBytes();
            return true;
        } catch (IOException e) {
            return !(e instanceof java.net.SocketTimeoutException); // a reset is an end too
        }
    }
}
