package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.Http1Transport;
import io.quorate.fixture.HttpTransport.LineStream;
import io.quorate.fixture.StreamRecorder;
import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import io.quorate.fixture.TestMember.Termination;
import io.quorate.fixture.WatchSession;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseKeepAliveRequest;
import io.quorate.proto.LeaseKeepAliveResponse;
import io.quorate.proto.LeaseTimeToLiveRequest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SIGTERM: open streams must not delay the end, and nothing that was answered may be missing afterwards. */
class ShutdownIT {

    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final int SIGTERM_EXIT = 128 + 15;
    private static final int WRITES = 500;
    private static final long LEASE = 77;
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private TestMember member;

    @BeforeEach
    void start() {
        member = TestMember.create(Map.of()).start();
    }

    @AfterEach
    void stop() {
        member.close();
    }

    @Test
    void terminateWhenStreamsAreOpenEndsThemAndTheProcess() {
        try (GrpcConnection grpc = GrpcConnection.to(member);
                Http1Transport http = new Http1Transport(member.clientUrl());
                WatchSession watch = WatchSession.open(grpc);
                LineStream jsonWatch =
                        http.stream("/v3/watch", "{\"create_request\":{\"key\":\"AA==\",\"range_end\":\"AA==\"}}")) {
            grpc.lease()
                    .leaseGrant(LeaseGrantRequest.newBuilder()
                            .setID(LEASE)
                            .setTTL(600)
                            .build());
            StreamRecorder<LeaseKeepAliveResponse> renewals = new StreamRecorder<>();
            StreamObserver<LeaseKeepAliveRequest> keepAlive =
                    grpc.leaseStreams().leaseKeepAlive(renewals);
            keepAlive.onNext(LeaseKeepAliveRequest.newBuilder().setID(LEASE).build());
            assertThat(renewals.next().getTTL()).isEqualTo(600);
            assertThat(watch.createForAll(0).getCreated()).isTrue();
            assertThat(jsonWatch.nextLine()).contains("created");

            Termination termination = member.terminate(Duration.ofSeconds(20));

            assertThat(termination.took()).isLessThan(LIMIT);
            assertThat(termination.exitCode()).isIn(0, SIGTERM_EXIT);
            assertThat(watch.responses().end().getCode()).isNotEqualTo(Status.Code.OK);
            assertThat(renewals.end()).isNotNull();
            assertThat(jsonWatch.endsWithin(LIMIT)).isTrue();
        }
    }

    @Test
    void terminateWhenDataWasWrittenKeepsIt() {
        long revision;
        try (GrpcConnection grpc = GrpcConnection.to(member)) {
            grpc.lease()
                    .leaseGrant(LeaseGrantRequest.newBuilder()
                            .setID(LEASE)
                            .setTTL(600)
                            .build());
            for (int i = 0; i < WRITES; i++) {
                grpc.put("key" + i % 100, "value" + i);
            }
            revision = grpc.get("key0").getHeader().getRevision();
        }
        assertThat(member.terminate(LIMIT).exitCode()).isIn(0, SIGTERM_EXIT);

        member.start();

        try (GrpcConnection grpc = GrpcConnection.to(member)) {
            assertThat(grpc.get("key0").getHeader().getRevision()).isEqualTo(revision);
            assertThat(grpc.get("key99").getKvs(0).getValue().toStringUtf8()).isEqualTo("value" + (WRITES - 1));
            assertThat(grpc.lease()
                            .leaseTimeToLive(LeaseTimeToLiveRequest.newBuilder()
                                    .setID(LEASE)
                                    .build())
                            .getGrantedTTL())
                    .isEqualTo(600);
        }
    }

    @Test
    void terminateWhenItStillStartsEndsToo() {
        member.terminate(Duration.ofSeconds(20));
        member.launch();

        Termination termination = member.terminate(Duration.ofSeconds(20));

        assertThat(termination.took()).isLessThan(LIMIT);
        member.start();
    }

    @Test
    void terminateWhenThereIsNoLeaderEndsToo() {
        try (TestCluster cluster = new TestCluster(3, Map.of())) {
            TestMember alone = cluster.members().getFirst();
            alone.launch();
            await("the wait for the other founders")
                    .atMost(START_LIMIT)
                    .until(() -> alone.output().contains("not part of the cluster yet"));

            assertThat(alone.terminate(START_LIMIT).exitCode()).isIn(0, SIGTERM_EXIT);
            assertThat(alone.output()).contains("told to stop before there was a leader");
        }
    }
}
