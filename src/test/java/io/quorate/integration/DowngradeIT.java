package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.TestMember;
import io.quorate.membership.Versions;
import io.quorate.proto.DowngradeRequest;
import io.quorate.proto.DowngradeRequest.DowngradeAction;
import io.quorate.proto.DowngradeResponse;
import io.quorate.proto.StatusRequest;
import io.quorate.proto.StatusResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The cluster's version is taken back by one minor, survives a restart so, and comes back. */
class DowngradeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static DowngradeResponse ask(GrpcConnection grpc, DowngradeAction action, String version) {
        return grpc.maintenance()
                .downgrade(DowngradeRequest.newBuilder()
                        .setAction(action)
                        .setVersion(version)
                        .build());
    }

    private static void awaitClusterVersion(TestMember member, String version) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(member.clientUrl() + "/version"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    http.send(request, BodyHandlers.ofString()).body())
                            .contains("\"etcdcluster\":\"" + version + "\""));
        }
    }

    @Test
    void downgradeWhenEnabledLowersTheVersionUntilItIsCancelled() {
        try (TestMember member = TestMember.create(Map.of()).start()) {
            try (GrpcConnection grpc = GrpcConnection.to(member)) {
                awaitClusterVersion(member, Versions.CLUSTER);
                refusesWhatIsNoTarget(grpc);
                assertThat(ask(grpc, DowngradeAction.CANCEL, "").getVersion()).isEqualTo("3.7");
                assertThat(ask(grpc, DowngradeAction.VALIDATE, "3.6").getVersion())
                        .isEqualTo("3.7");
                assertThat(ask(grpc, DowngradeAction.ENABLE, "3.6.0").hasHeader())
                        .isTrue();
                awaitClusterVersion(member, "3.6.0");
                assertThatThrownBy(() -> ask(grpc, DowngradeAction.ENABLE, "3.5"))
                        .hasMessageContaining("etcdserver: cluster has a downgrade job in progress");
            }
            member.kill();
            member.start();
            try (GrpcConnection grpc = GrpcConnection.to(member)) {
                StatusResponse status = grpc.maintenance().status(StatusRequest.getDefaultInstance());
                assertThat(status.getDowngradeInfo().getEnabled()).isTrue();
                assertThat(status.getDowngradeInfo().getTargetVersion()).isEqualTo("3.6.0");
                awaitClusterVersion(member, "3.6.0");
                ask(grpc, DowngradeAction.CANCEL, "");
                awaitClusterVersion(member, Versions.CLUSTER);
                assertThat(grpc.maintenance()
                                .status(StatusRequest.getDefaultInstance())
                                .getDowngradeInfo()
                                .getEnabled())
                        .isFalse();
            }
        }
    }

    private static void refusesWhatIsNoTarget(GrpcConnection grpc) {
        for (String target : new String[] {"", "3", "three.six", "3.6.0.0", "-3.6"}) {
            assertThatThrownBy(() -> ask(grpc, DowngradeAction.VALIDATE, target))
                    .as(target)
                    .hasMessageContaining("INVALID_ARGUMENT: etcdserver: wrong downgrade target version format");
        }
        for (String target : new String[] {"3.7", "3.5.0", "4.6", "3.8"}) {
            assertThatThrownBy(() -> ask(grpc, DowngradeAction.ENABLE, target))
                    .as(target)
                    .hasMessageContaining("INVALID_ARGUMENT: etcdserver: invalid downgrade target version");
        }
    }
}
