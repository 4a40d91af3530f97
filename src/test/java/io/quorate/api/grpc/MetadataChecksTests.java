package io.quorate.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.quorate.api.headers.GrpcHeaders;
import io.quorate.fixture.MeterReader;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.RangeStreamResponse;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetadataChecksTests {

    private static final Metadata.Key<byte[]> RAW_VERSION = GrpcHeaders.rawKey("client-api-version");

    private final ClientVersions versions = new ClientVersions();
    private volatile boolean leaderKnown = true;
    private Server server;
    private ManagedChannel channel;

    private static final class Answering extends KVGrpc.KVImplBase {

        @Override
        public void range(RangeRequest request, StreamObserver<RangeResponse> call) {
            call.onNext(RangeResponse.getDefaultInstance());
            call.onCompleted();
        }

        @Override
        public void rangeStream(RangeRequest request, StreamObserver<RangeStreamResponse> call) {
            call.onNext(RangeStreamResponse.getDefaultInstance());
            call.onCompleted();
        }
    }

    @BeforeEach
    void start() throws IOException {
        String name = InProcessServerBuilder.generateName();
        MetadataChecks checks = new MetadataChecks(() -> leaderKnown, versions);
        server = InProcessServerBuilder.forName(name)
                .addService(ServerInterceptors.intercept(new Answering(), checks))
                .build()
                .start();
        channel = InProcessChannelBuilder.forName(name).build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    private KVGrpc.KVBlockingStub kv(Metadata metadata) {
        Channel with = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
        return KVGrpc.newBlockingStub(with);
    }

    private static Metadata with(String name, String value) {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        return metadata;
    }

    private static Status refusal(KVGrpc.KVBlockingStub kv) {
        return catchThrowableOfType(StatusRuntimeException.class, () -> kv.range(RangeRequest.getDefaultInstance()))
                .getStatus();
    }

    @Test
    void callWhenALeaderIsWantedAndUnknownIsRefused() {
        leaderKnown = false;
        Status status = refusal(kv(with("hasleader", "true")));
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(status.getDescription()).isEqualTo("etcdserver: no leader");
    }

    @Test
    void callWhenNoLeaderIsWantedIsServedWithoutOne() {
        leaderKnown = false;
        assertThat(kv(new Metadata()).range(RangeRequest.getDefaultInstance())).isNotNull();
        assertThat(kv(with("hasleader", "false")).range(RangeRequest.getDefaultInstance()))
                .isNotNull();
    }

    @Test
    void callWhenTheWantedLeaderIsKnownIsServed() {
        assertThat(kv(with("hasleader", "true")).range(RangeRequest.getDefaultInstance()))
                .isNotNull();
    }

    @Test
    void callWhenAVersionIsSaidIsCountedByItAndKind() {
        kv(with("client-api-version", "3.6")).range(RangeRequest.getDefaultInstance());
        kv(with("client-api-version", "3.6")).range(RangeRequest.getDefaultInstance());
        Iterator<RangeStreamResponse> stream =
                kv(with("client-api-version", "3.5")).rangeStream(RangeRequest.getDefaultInstance());
        assertThat(stream.hasNext()).isTrue();
        kv(new Metadata()).range(RangeRequest.getDefaultInstance());
        assertThat(requests())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "unary 3.6",
                        2L,
                        "stream 3.6",
                        0L,
                        "unary 3.5",
                        0L,
                        "stream 3.5",
                        1L,
                        "unary unknown",
                        1L,
                        "stream unknown",
                        0L));
    }

    @Test
    void callWhenTheVersionIsNotUtf8IsRefused() {
        Metadata metadata = new Metadata();
        metadata.put(RAW_VERSION, new byte[] {(byte) 0xc3, 0x28});
        Status status = refusal(kv(metadata));
        assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(status.getDescription()).isEqualTo("etcdserver: invalid client api version");
        assertThat(requests()).containsExactlyInAnyOrderEntriesOf(Map.of("unary unknown", 0L, "stream unknown", 0L));
    }

    @Test
    void countWhenVersionsAreManyKeepsSoManyApart() {
        for (int i = 0; i < 200; i++) {
            versions.count(true, with("client-api-version", "v" + i));
        }
        assertThat(requests()).hasSizeLessThanOrEqualTo(2 * 65);
        assertThat(requests().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(200);
    }

    /** Calls by their kind and version. */
    private Map<String, Long> requests() {
        return new MeterReader(versions).values("etcd_server_client_requests_total");
    }
}
