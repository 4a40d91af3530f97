package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchGrpc;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Open streams must not hold up the end. */
class ClientPortShutdownTests {

    @Test
    void stopWhenWatchesAreOpenEndsThemAndIsQuick() throws Exception {
        EdgeFixture edge = EdgeFixture.start(options -> options.withShutdownGrace(Duration.ofSeconds(30)));
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", edge.port())
                .usePlaintext()
                .build();
        HttpClient client = HttpClient.newHttpClient();
        try {
            CompletableFuture<Status> grpcEnd = watch(channel);
            HttpResponse<InputStream> json = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + "/v3/watch"))
                            .POST(BodyPublishers.ofString("{\"create_request\":{}}"))
                            .build(),
                    BodyHandlers.ofInputStream());
            BufferedReader lines = new BufferedReader(new InputStreamReader(json.body(), StandardCharsets.UTF_8));
            assertThat(lines.readLine()).contains("created");
            assertThat(edge.bean(OpenStreams.class).count()).isEqualTo(2);
            FakeWatch service = edge.bean(FakeWatch.class);

            ClientPortLifecycle lifecycle = edge.bean(ClientPortLifecycle.class);
            assertThat(lifecycle.getPhase()).isEqualTo(Integer.MAX_VALUE);
            long begin = System.nanoTime();
            lifecycle.stop();
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);

            assertThat(millis).isLessThan(1000);
            Status end = grpcEnd.get(5, TimeUnit.SECONDS);
            assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(end.getDescription()).isEqualTo("etcdserver: server stopped");
            assertThat(lines.readLine())
                    .isEqualTo("{\"error\":{\"code\":14,\"message\":\"etcdserver: server stopped\"}}");
            assertThat(service.events.poll(5, TimeUnit.SECONDS)).isIn("cancelled", "halfclosed");
        } finally {
            channel.shutdownNow();
            client.shutdownNow();
            edge.close();
        }
    }

    @Test
    void leaderLostWhenStreamsAskedForOneEndsThoseOnly() throws Exception {
        EdgeFixture edge = EdgeFixture.start(options -> options);
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", edge.port())
                .usePlaintext()
                .build();
        try {
            Metadata wish = new Metadata();
            wish.put(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER), "true");
            CompletableFuture<Status> particular =
                    watch(ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(wish)));
            CompletableFuture<Status> indifferent = watch(channel);

            edge.bean(OpenStreams.class).leaderLost();

            Status end = particular.get(5, TimeUnit.SECONDS);
            assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(end.getDescription()).isEqualTo("etcdserver: no leader");
            assertThat(edge.bean(FakeWatch.class).events.poll(5, TimeUnit.SECONDS))
                    .isEqualTo("cancelled");
            assertThat(indifferent).isNotDone();
            assertThat(edge.bean(OpenStreams.class).count()).isEqualTo(1);
        } finally {
            channel.shutdownNow();
            edge.close();
        }
    }

    private static CompletableFuture<Status> watch(Channel channel) throws InterruptedException {
        CompletableFuture<Status> end = new CompletableFuture<>();
        CountDownLatch created = new CountDownLatch(1);
        WatchGrpc.newStub(channel)
                .watch(new StreamObserver<>() {
                    @Override
                    public void onNext(WatchResponse response) {
                        created.countDown();
                    }

                    @Override
                    public void onError(Throwable failure) {
                        end.complete(Status.fromThrowable(failure));
                    }

                    @Override
                    public void onCompleted() {
                        end.complete(Status.OK);
                    }
                })
                .onNext(WatchRequest.newBuilder()
                        .setCreateRequest(WatchCreateRequest.getDefaultInstance())
                        .build());
        assertThat(created.await(5, TimeUnit.SECONDS)).isTrue();
        return end;
    }
}
