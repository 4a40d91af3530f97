package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A member that waits for the others: a supervisor must not restart it, and nobody must be sent to it. */
class LeaderlessIT {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private TestCluster cluster;
    private TestMember alone;

    @BeforeEach
    void launchOneOfThree() {
        cluster = new TestCluster(3, Map.of());
        alone = cluster.members().getFirst();
        alone.launch();
        await("the port for operators")
                .atMost(START_LIMIT)
                .until(() -> status(alone.managementUrl() + "/actuator/health/liveness") == 200);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void startWhenThereIsNoLeaderTellsThatItIsNotReady() {
        assertThat(status(alone.managementUrl() + "/actuator/health/readiness")).isEqualTo(503);
        assertThat(status(alone.managementUrl() + "/actuator/raft")).isEqualTo(200);
        assertThat(status(alone.managementUrl() + "/livez")).isEqualTo(200);
        assertThat(status(alone.managementUrl() + "/readyz")).isEqualTo(503);
    }

    @Test
    void startWhenThereIsNoLeaderKeepsTheClientPortClosed() {
        assertThat(status(alone.clientUrl() + "/health")).isZero();
        assertThat(alone.output()).doesNotContain("ready to serve client requests");
    }

    /** The status of a page, 0 if nobody listens. */
    private int status(String url) {
        try {
            return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (ConnectException refused) {
            return 0;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(url, e);
        }
    }
}
