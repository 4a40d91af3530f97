package io.quorate.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.api.grpc.OperatorAccess;
import io.quorate.auth.AuthStore;
import io.quorate.base.Metered;
import io.quorate.config.BackendSettings;
import io.quorate.config.ClientSettings;
import io.quorate.config.LimitSettings;
import io.quorate.config.LiveSettings;
import io.quorate.fixture.MapUsers;
import io.quorate.identity.NoTokens;
import io.quorate.identity.Passwords;
import io.quorate.identity.WorkPool;
import io.quorate.storage.springdata.RocksDbAutoConfiguration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The management port as application.yml configures it, over a member that stands still. */
@SpringBootTest(
        classes = OperationsEndpointTests.Wiring.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"management.server.port=0", "spring.grpc.server.enabled=false", "quorate.limits.apply-gap=100"})
class OperationsEndpointTests {

    @LocalManagementPort
    private int port;

    private final HttpClient client = HttpClient.newHttpClient();

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = RocksDbAutoConfiguration.class)
    @EnableConfigurationProperties({ClientSettings.class, BackendSettings.class, LimitSettings.class})
    static class Wiring {

        @Bean
        Metered counting() {
            return meters -> {
                meters.flag("etcd_server_is_learner", "1 if this member is a learner, 0 if not.", () -> false);
                meters.counter("etcd_server_health_success", "Health checks that succeeded.", () -> 0);
            };
        }

        @Bean
        WorkPool passwordPool() {
            return new WorkPool("password", 1, 1);
        }

        /** There are no users; requests come by loopback. */
        @Bean
        OperatorAccess operatorAccess(WorkPool pool) {
            AuthStore store = new AuthStore(MapUsers.empty(), new NoTokens());
            return new OperatorAccess(store, new NoTokens(), new Passwords(pool, 4));
        }

        @Bean
        MemberStatus memberStatus() {
            return FixedMemberStatus.leader();
        }

        @Bean
        LiveSettings liveSettings(
                Environment environment, ClientSettings client, BackendSettings backend, LimitSettings limits) {
            return new LiveSettings(
                    environment, new LiveSettings.Snapshot(client, backend, limits), (logger, level) -> {});
        }

        @Bean
        HealthIndicator rocksDbHealthIndicator() {
            return () -> Health.up().build();
        }
    }

    @Test
    void raftWhenAskedTellsEverythingAboutConsensus() throws Exception {
        assertThat(get("raft").body())
                .contains("\"role\":\"leader\"", "\"leader\":\"abc\"", "\"term\":2", "\"committedIndex\":13")
                .contains("\"appliedIndex\":11", "\"diskSnapshotIndex\":5", "\"memorySnapshotIndex\":6")
                .contains("\"configuration\":{\"voters\":[\"abc\"]", "\"pendingProposals\":7")
                .contains("\"schedulerQueueDepth\":16", "\"lastFsyncMilliseconds\":1.5");
    }

    @Test
    void readinessWhenAMemberLeadsIsUp() throws Exception {
        HttpResponse<String> response = get("health/readiness");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("\"raft\"", "\"rocksDb\"", "\"readinessState\"");
    }

    @Test
    void livenessWhenAskedDependsOnNothingButTheProcess() throws Exception {
        HttpResponse<String> response = get("health/liveness");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("\"livenessState\"").doesNotContain("raft", "rocksDb");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.4,*/*;q=0.3"
            })
    void prometheusWhenScrapedAnswersInTheOneFormat(String accept) throws Exception {
        HttpResponse<String> response = get("prometheus", accept);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElseThrow())
                .startsWith("text/plain")
                .contains("version=0.0.4");
        assertThat(response.body())
                .contains(
                        "\netcd_server_is_learner 0.0\n",
                        "\netcd_server_health_success 0.0\n",
                        "jvm_memory_used_bytes");
    }

    @Test
    void infoWhenAskedNamesTheMember() throws Exception {
        assertThat(get("info").body())
                .contains("\"memberId\":\"abc\"", "\"clusterId\":\"def\"", "\"etcdVersion\":\"3.7.1\"");
    }

    @Test
    void settingsWhenAskedTellValueOriginAndWhetherTheyNeedARestart() throws Exception {
        assertThat(get("settings").body())
                .contains("\"quorate.limits.apply-gap\":{\"value\":\"100\",\"origin\":\"")
                .containsPattern("\"quorate.max-txn-ops\":\\{\"value\":\"128\",[^}]*\"change\":\"run time\"}")
                .containsPattern("\"quorate.data-dir\":\\{[^}]*\"change\":\"restart\"}");
    }

    @Test
    void settingWhenAskedByNameIsTheOnlyOne() throws Exception {
        assertThat(get("settings/quorate.max-txn-ops").body()).startsWith("{\"value\":\"128\",");
        assertThat(get("settings/quorate.max-txn-opps").statusCode()).isEqualTo(404);
    }

    @Test
    void settingsWhenNothingIsSaidAreReadOnly() throws Exception {
        URI one = URI.create("http://127.0.0.1:" + port + "/actuator/settings/quorate.max-txn-ops");
        HttpRequest change = HttpRequest.newBuilder(one)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"value\":\"1\"}"))
                .build();
        HttpResponse<String> answer = client.send(change, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.body()).contains("only where management.endpoint.settings.access is unrestricted");
    }

    @Test
    void otherEndpointsWhenAskedAreNotThere() throws Exception {
        assertThat(get("env").statusCode()).isEqualTo(404);
        assertThat(get("heapdump").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return get(path, "*/*");
    }

    private HttpResponse<String> get(String path, String accept) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/" + path))
                .header("Accept", accept)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
