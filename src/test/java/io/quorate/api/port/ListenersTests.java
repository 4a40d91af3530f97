package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.quorate.api.port.ListenAddress.ListenAddressInUseException;
import io.quorate.api.port.ListenAddress.Protocols;
import io.quorate.base.MonotonicClock;
import io.quorate.fixture.TestAuthority;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.RangeRequest;
import io.quorate.tls.Handshakes;
import io.quorate.tls.TlsHandlers;
import io.quorate.tls.TlsRules;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of place where clients are listened for: socket files, TLS beside clear text, pages only. */
class ListenersTests {

    private static final TestAuthority AUTHORITY = new TestAuthority("authority");

    private static Handshakes handshakes;
    private static TlsHandlers tls;

    private @TempDir Path directory;

    @BeforeAll
    static void secure() throws Exception {
        handshakes = new Handshakes("client", MonotonicClock.SYSTEM);
        tls = TlsHandlers.accepting(
                TlsRules.DEFAULT.withApplicationProtocols(List.of("h2", "http/1.1")),
                handshakes,
                AUTHORITY.issue("server", "127.0.0.1", "127.0.0.2", "localhost").credentials(AUTHORITY));
    }

    @AfterAll
    static void close() {
        handshakes.close();
    }

    private static EdgeFixture start(ListenAddress... addresses) {
        return EdgeFixture.start(options -> options.withTls(tls).withListen(List.of(addresses)));
    }

    private static boolean putsThrough(NettyChannelBuilder builder) {
        ManagedChannel channel = builder.build();
        try {
            return KVGrpc.newBlockingStub(channel)
                    .range(RangeRequest.getDefaultInstance())
                    .hasHeader();
        } finally {
            channel.shutdownNow();
        }
    }

    private static boolean putsThrough(String host, int port, boolean secure) throws IOException {
        ChannelCredentials credentials = secure
                ? TlsChannelCredentials.newBuilder()
                        .trustManager(new ByteArrayInputStream(AUTHORITY.pem().getBytes(StandardCharsets.US_ASCII)))
                        .build()
                : InsecureChannelCredentials.create();
        return putsThrough(NettyChannelBuilder.forAddress(host, port, credentials));
    }

    private static HttpResponse<String> get(String url) throws Exception {
        try (HttpClient http = HttpClient.newBuilder()
                .sslContext(AUTHORITY.issue("client").context(AUTHORITY))
                .build()) {
            return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
        }
    }

    private static String getFrom(Path socket) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap("GET /livez HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void socketFileWhenListenedOnServesGrpcAndHttpBesideAPort() throws Exception {
        Path socket = directory.resolve("localhost:22000"); // etcd names them so
        try (EdgeFixture edge =
                start(ListenAddress.parse("unix://" + socket), ListenAddress.parse("http://127.0.0.1:0"))) {
            EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
            try {
                assertThat(putsThrough(NettyChannelBuilder.forAddress(
                                        new DomainSocketAddress(socket.toFile()), InsecureChannelCredentials.create())
                                .channelType(EpollDomainSocketChannel.class)
                                .eventLoopGroup(group)))
                        .isTrue();
            } finally {
                var unused = group.shutdownGracefully();
            }
            assertThat(getFrom(socket)).startsWith("HTTP/1.1 200 OK");
            assertThat(putsThrough("127.0.0.1", edge.port(1), false)).isTrue();
            assertThat(edge.bean(ClientPortLifecycle.class).listenAddresses())
                    .asString()
                    .contains("unix://" + socket);
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void socketFileWhenAKilledMemberLeftItIsReplaced() throws Exception {
        Path socket = directory.resolve("left");
        try (ServerSocketChannel before = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            before.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        try (EdgeFixture edge = start(ListenAddress.parse("unix://" + socket))) {
            assertThat(getFrom(socket)).startsWith("HTTP/1.1 200 OK");
        }
    }

    @Test
    void socketFileWhenAnotherListensThereOrItIsNoSocketStopsTheStart() throws Exception {
        Path socket = directory.resolve("taken");
        ListenAddress taken = ListenAddress.parse("unix://" + socket);
        try (EdgeFixture edge = start(taken)) {
            assertThatThrownBy(() -> start(taken))
                    .satisfies(failure -> assertThat(
                                    Stream.iterate(failure, java.util.Objects::nonNull, Throwable::getCause))
                            .filteredOn(ListenAddressInUseException.class::isInstance)
                            .singleElement()
                            .extracting(cause -> ((ListenAddressInUseException) cause).address())
                            .isEqualTo(taken));
            assertThat(getFrom(socket)).startsWith("HTTP/1.1 200 OK"); // the first does not suffer
        }
        Path file = Files.writeString(directory.resolve("notes"), "mine");
        assertThatThrownBy(() -> start(ListenAddress.parse("unix://" + file)))
                .rootCause()
                .hasMessageContaining("is no socket");
        assertThat(file).hasContent("mine");
    }

    @Test
    void addressWhenGivenWithBothSchemesServesClearTextAndTls() throws Exception {
        int port = freePort();
        try (EdgeFixture edge = start(
                ListenAddress.parse("http://127.0.0.1:" + port), ListenAddress.parse("https://127.0.0.1:" + port))) {
            assertThat(putsThrough("127.0.0.1", port, false)).isTrue();
            assertThat(putsThrough("127.0.0.1", port, true)).isTrue();
            assertThat(get("http://127.0.0.1:" + port + "/livez").statusCode()).isEqualTo(200);
            assertThat(get("https://127.0.0.1:" + port + "/livez").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void addressesWhenTheyShareAPortKeepTheirOwnSecurity() throws Exception {
        int port = freePort();
        try (EdgeFixture edge = start(
                ListenAddress.parse("http://127.0.0.1:" + port), ListenAddress.parse("https://127.0.0.2:" + port))) {
            assertThat(putsThrough("127.0.0.1", port, false)).isTrue();
            assertThat(putsThrough("127.0.0.2", port, true)).isTrue();
            assertThatThrownBy(() -> putsThrough("127.0.0.2", port, false)).isInstanceOf(StatusRuntimeException.class);
            assertThatThrownBy(() -> get("https://127.0.0.1:" + port + "/livez"))
                    .isInstanceOf(SSLException.class);
        }
    }

    @Test
    void pagesWhenTheyHaveAListenerOfTheirOwnAreAllThatItServes() throws Exception {
        try (EdgeFixture edge = start(
                ListenAddress.parse("http://127.0.0.1:0"),
                ListenAddress.parse("http://127.0.0.1:0", Protocols.PAGES),
                ListenAddress.parse("https://127.0.0.2:0", Protocols.PAGES))) {
            String clear = "http://127.0.0.1:" + edge.port(1);
            assertThat(get(clear + "/metrics").statusCode()).isEqualTo(200);
            assertThat(get("https://127.0.0.2:" + edge.port(2) + "/livez").statusCode())
                    .isEqualTo(200);
            HttpResponse<String> other = get(clear + "/v3/kv/range");
            assertThat(other.statusCode()).isEqualTo(404);
            assertThat(other.body()).isEqualTo("404 page not found\n");
            assertThat(other.headers().firstValue("content-type")).contains("text/plain; charset=utf-8");
            assertThatThrownBy(() -> putsThrough("127.0.0.1", edge.port(1), false))
                    .isInstanceOf(StatusRuntimeException.class);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }
}
