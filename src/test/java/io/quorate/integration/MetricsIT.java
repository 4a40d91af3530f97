package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.quorate.fixture.Http1Transport;
import io.quorate.fixture.HttpReply;
import io.quorate.fixture.MemberExtension;
import io.quorate.ops.EtcdMetricNames;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmRequest.AlarmAction;
import io.quorate.proto.AlarmType;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators read from a member that works: names, types and values of metrics, and the pages on both ports. */
class MetricsIT {

    @RegisterExtension
    static final MemberExtension MEMBER = new MemberExtension();

    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");

    private final HttpClient http = HttpClient.newHttpClient();

    private HttpResponse<String> get(String url) {
        try {
            return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while reading " + url, e);
        }
    }

    private String metrics() {
        return get(MEMBER.member().managementUrl() + "/metrics").body();
    }

    /** The sum over all lines of a metric that contain all of the texts. */
    private double value(String name, String... labels) {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .filter(line -> Arrays.stream(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** A call is counted when it has ended, which its caller may learn first. */
    private void awaitValue(double expected, String name, String... labels) {
        await(name).untilAsserted(() -> assertThat(value(name, labels)).isEqualTo(expected));
    }

    @Test
    void metricsWhenScrapedHaveEtcdsNamesAndTypes() {
        alarm(AlarmAction.ACTIVATE);
        get(MEMBER.member().clientUrl() + "/readyz");
        Map<String, String> types = TYPE.matcher(metrics())
                .results()
                .collect(Collectors.toMap(match -> match.group(1), match -> match.group(2)));
        alarm(AlarmAction.DEACTIVATE);

        assertThat(types).containsAllEntriesOf(EtcdMetricNames.published());
        assertThat(types).doesNotContainKeys(EtcdMetricNames.absent().keySet().toArray(String[]::new));
        assertThat(types.keySet().stream().filter(name -> name.startsWith("etcd_") || name.startsWith("grpc_")))
                .allMatch(EtcdMetricNames.published()::containsKey);
    }

    private static void alarm(AlarmAction action) {
        MEMBER.grpc()
                .maintenance()
                .alarm(AlarmRequest.newBuilder()
                        .setAction(action)
                        .setMemberID(5)
                        .setAlarm(AlarmType.NOSPACE)
                        .build());
    }

    @Test
    void metricsWhenAnAlarmIsRaisedShowIt() {
        alarm(AlarmAction.ACTIVATE);
        assertThat(value("etcd_debugging_server_alarms", "server_id=\"5\"", "alarm_type=\"NOSPACE\""))
                .isEqualTo(1);
        assertThat(get(MEMBER.member().clientUrl() + "/health").body()).contains("ALARM NOSPACE");
        alarm(AlarmAction.DEACTIVATE);
        assertThat(value("etcd_debugging_server_alarms")).isZero();
        assertThat(get(MEMBER.member().clientUrl() + "/health").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "grpc_server_started_total, Put",
        "grpc_server_handled_total, Put",
        "grpc_server_msg_received_total, Put",
        "grpc_server_msg_sent_total, Put",
        "etcd_server_request_duration_seconds_count, Put",
        "etcd_server_apply_duration_seconds_count, Put",
        "etcd_mvcc_put_total, ",
        "etcd_disk_wal_fsync_duration_seconds_count, ",
        "etcd_disk_wal_write_duration_seconds_count, ",
        "etcd_disk_wal_write_bytes_total, ",
        "etcd_disk_backend_commit_duration_seconds_count, ",
        "etcd_network_client_grpc_received_bytes_total, ",
        "etcd_network_client_grpc_sent_bytes_total, ",
        "etcd_debugging_mvcc_total_put_size_in_bytes, ",
        "etcd_debugging_mvcc_current_revision, ",
        "etcd_server_proposals_applied_total, ",
        "etcd_server_proposals_committed_total, "
    })
    void metricsWhenAKeyIsPutMove(String name, String method) {
        String label = method == null ? "" : "\"" + method + "\"";
        double before = value(name, label);
        MEMBER.grpc().put("metrics", "value");
        await(name).until(() -> value(name, label) > before);
    }

    @Test
    void callsWhenMadeOverJsonCountAsThoseOverGrpc() {
        double before = value("grpc_server_handled_total", "grpc_code=\"OK\"", "grpc_method=\"Put\"");
        HttpReply reply = new Http1Transport(MEMBER.member().clientUrl())
                .send("POST", "/v3/kv/put", "{\"key\":\"bWV0cmljcw==\"}");
        assertThat(reply.status()).isEqualTo(200);
        awaitValue(before + 1, "grpc_server_handled_total", "grpc_code=\"OK\"", "grpc_method=\"Put\"");
    }

    @Test
    void callsWhenRefusedCountByTheirCode() {
        double before = value("grpc_server_handled_total", "InvalidArgument", "grpc_method=\"Range\"");
        double failed = value("etcd_server_range_duration_seconds_count", "success=\"false\"");
        assertThatThrownBy(() -> MEMBER.grpc().kv().range(RangeRequest.getDefaultInstance()));
        assertThatThrownBy(() -> MEMBER.grpc()
                .kv()
                .range(RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("k"))
                        .setRevision(1 << 30)
                        .build()));
        awaitValue(before + 1, "grpc_server_handled_total", "InvalidArgument", "grpc_method=\"Range\"");
        awaitValue(failed + 1, "etcd_server_range_duration_seconds_count", "success=\"false\"");
    }

    @Test
    void metricsWhenHistoryIsCompactedTellHowMuchAndWhen() {
        MEMBER.grpc().put("compacted", "1");
        long revision = MEMBER.grpc().put("compacted", "2").getHeader().getRevision();
        double before = value("etcd_debugging_mvcc_db_compaction_keys_total");
        MEMBER.grpc()
                .kv()
                .compact(CompactionRequest.newBuilder()
                        .setRevision(revision)
                        .setPhysical(true)
                        .build());
        assertThat(value("etcd_debugging_mvcc_db_compaction_keys_total")).isGreaterThan(before);
        assertThat(value("etcd_debugging_mvcc_db_compaction_last"))
                .isCloseTo(System.currentTimeMillis() / 1000.0, within(60.0));
        assertThat(value("etcd_debugging_mvcc_compact_revision")).isEqualTo(revision);
    }

    @Test
    void metricsWhenALeaseIsGrantedKnowItsTime() {
        double before = value("etcd_debugging_lease_ttl_total_bucket", "le=\"128.0\"");
        double below = value("etcd_debugging_lease_ttl_total_bucket", "le=\"64.0\"");
        MEMBER.grpc().grant(100);
        assertThat(value("etcd_debugging_lease_ttl_total_bucket", "le=\"128.0\""))
                .isEqualTo(before + 1);
        assertThat(value("etcd_debugging_lease_ttl_total_bucket", "le=\"64.0\""))
                .isEqualTo(below);
    }

    @Test
    void healthWhenAskedIsCounted() {
        double before = value("etcd_server_health_success");
        double check = value("etcd_server_healthchecks_total", "livez", "serializable_read", "success");
        get(MEMBER.member().clientUrl() + "/health");
        get(MEMBER.member().clientUrl() + "/livez");
        awaitValue(before + 1, "etcd_server_health_success");
        awaitValue(check + 1, "etcd_server_healthchecks_total", "livez", "serializable_read", "success");
        assertThat(value("etcd_server_healthcheck", "livez", "serializable_read"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/health",
                "/livez",
                "/livez/serializable_read",
                "/readyz",
                "/readyz/linearizable_read",
                "/version"
            })
    void managementPortWhenAskedServesTheMembersPages(String path) {
        HttpResponse<String> client = get(MEMBER.member().clientUrl() + path);
        HttpResponse<String> management = get(MEMBER.member().managementUrl() + path);
        assertThat(management.statusCode()).isEqualTo(200);
        assertThat(management.body()).isEqualTo(client.body());
        assertThat(contentType(management)).isEqualTo(contentType(client));
    }

    /** White space is the container's choice. */
    private static String contentType(HttpResponse<String> response) {
        return response.headers()
                .firstValue("content-type")
                .orElseThrow()
                .replace(" ", "")
                .toLowerCase(Locale.ROOT);
    }

    @Test
    void livenessWhenThreadsRunIsUp() {
        HttpResponse<String> liveness = get(MEMBER.member().managementUrl() + "/actuator/health/liveness");
        assertThat(liveness.statusCode()).isEqualTo(200);
        assertThat(liveness.body()).contains("\"memberThreads\"");
    }

    @Test
    void messageWhenTooLargeLeavesNoStackTraceInTheLog() {
        int before = MEMBER.member().output().length();
        PutRequest large = PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("large"))
                .setValue(ByteString.copyFrom(new byte[3 << 20]))
                .build();
        assertThatThrownBy(() -> MEMBER.grpc().kv().put(large)).hasMessageContaining("RESOURCE_EXHAUSTED");
        await("the call's end")
                .until(() -> value("grpc_server_handled_total", "ResourceExhausted", "grpc_method=\"Put\"") > 0
                        || value("grpc_server_handled_total", "Canceled", "grpc_method=\"Put\"") > 0);
        assertThat(MEMBER.member().output().substring(before)).doesNotContain("\tat ", "Exception");
    }
}
