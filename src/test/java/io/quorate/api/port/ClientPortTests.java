package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.quorate.api.port.ListenAddress.ListenAddressInUseException;
import io.quorate.api.port.ListenAddress.Protocols;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One clear-text port for everything. */
class ClientPortTests {

    private static EdgeFixture edge;
    private static ManagedChannel channel;

    @BeforeAll
    static void start() {
        edge = EdgeFixture.start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", edge.port())
                .usePlaintext()
                .build();
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        edge.close();
    }

    private static PutRequest put(int valueBytes) {
        return PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("k"))
                .setValue(ByteString.copyFrom(new byte[valueBytes]))
                .build();
    }

    @Test
    void callWhenMadeByGrpcIsServed() {
        KVGrpc.KVBlockingStub kv = KVGrpc.newBlockingStub(channel);
        assertThat(kv.put(put(10)).getHeader().getRaftTerm()).isEqualTo(3);
        assertThat(kv.range(RangeRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8("k"))
                                .build())
                        .getCount())
                .isEqualTo(1);
    }

    @Test
    void callWhenMessageIsAsLargeAsAllowedIsServedAndOneLargerRefused() {
        KVGrpc.KVBlockingStub kv = KVGrpc.newBlockingStub(channel);
        int most = 2 * 1024 * 1024;
        assertThat(kv.put(put(most - 10)).hasHeader()).isTrue();
        assertThatThrownBy(() -> kv.put(put(most)))
                .isInstanceOf(StatusRuntimeException.class)
                .extracting(Status::fromThrowable)
                .extracting(Status::getCode)
                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void healthWhenNameIsEmptyServesAndOtherwiseIsNotFound() {
        HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(channel);
        assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
                .isEqualTo(ServingStatus.SERVING);
        assertThatThrownBy(() -> health.check(HealthCheckRequest.newBuilder()
                        .setService("etcdserverpb.KV")
                        .build()))
                .extracting(failure -> Status.fromThrowable(failure).getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void servicesWhenListedContainNoReflection() {
        List<String> names = edge.bean(ClientPortServerFactory.class).services().stream()
                .map(service -> service.getServiceDescriptor().getName())
                .toList();
        assertThat(names)
                .containsExactlyInAnyOrder(
                        "etcdserverpb.KV", "etcdserverpb.Watch", "etcdserverpb.Lease", "grpc.health.v1.Health");
    }

    @Test
    void startWhenAddressIsTakenNamesIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
            ListenAddress address = ListenAddress.parse("http://127.0.0.1:" + taken.getLocalPort());
            assertThatThrownBy(() -> EdgeFixture.start(options -> options.withListen(List.of(address))))
                    .satisfies(failure -> assertThat(causes(failure))
                            .filteredOn(ListenAddressInUseException.class::isInstance)
                            .singleElement()
                            .extracting(cause -> ((ListenAddressInUseException) cause).address())
                            .isEqualTo(address));
        }
    }

    private static List<Throwable> causes(Throwable failure) {
        return java.util.stream.Stream.iterate(failure, java.util.Objects::nonNull, Throwable::getCause)
                .toList();
    }

    @Test
    void listenersWhenProtocolsAreSplitServeOnlyTheirs() throws Exception {
        List<ListenAddress> split = List.of(
                ListenAddress.parse("http://127.0.0.1:" + freePort(), Protocols.GRPC),
                ListenAddress.parse("http://127.0.0.1:" + freePort(), Protocols.HTTP));
        try (EdgeFixture both = EdgeFixture.start(options -> options.withListen(split))) {
            ManagedChannel grpc = NettyChannelBuilder.forAddress("127.0.0.1", both.port(0))
                    .usePlaintext()
                    .build();
            ManagedChannel wrong = NettyChannelBuilder.forAddress("127.0.0.1", both.port(1))
                    .usePlaintext()
                    .build();
            try {
                assertThat(KVGrpc.newBlockingStub(grpc).put(put(1)).hasHeader()).isTrue();
                assertThatThrownBy(() -> KVGrpc.newBlockingStub(wrong).put(put(1)))
                        .isInstanceOf(StatusRuntimeException.class);
            } finally {
                grpc.shutdownNow();
                wrong.shutdownNow();
            }
            assertThat(rawGet(both.port(1))).startsWith("HTTP/1.1 200 OK");
            assertThat(rawGet(both.port(0))).isEmpty();
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private static String rawGet(int port) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write("GET /livez HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (java.net.SocketException e) {
            return ""; // the server closed it with bytes unread
        }
    }

    @Test
    void connectionWhenItSaysNothingIsClosedInTime() throws Exception {
        try (EdgeFixture impatient =
                        EdgeFixture.start(options -> options.withNegotiationTimeout(java.time.Duration.ofMillis(50)));
                Socket socket = new Socket("127.0.0.1", impatient.port())) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void socketToTomcatWhenRunningIsInAPrivateDirectory() throws Exception {
        var directory = edge.bean(BridgeSocket.class).path().getParent();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertThat(edge.bean(BridgeSocket.class).path()).exists();
    }
}
