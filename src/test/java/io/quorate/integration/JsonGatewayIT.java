package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.fixture.Http1Transport;
import io.quorate.fixture.Http2Transport;
import io.quorate.fixture.HttpReply;
import io.quorate.fixture.HttpTransport;
import io.quorate.fixture.HttpTransport.LineStream;
import io.quorate.fixture.MemberExtension;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** The JSON gateway and the plain HTTP paths of the client port, over HTTP/1.1 and over HTTP/2 in clear text. */
class JsonGatewayIT {

    @RegisterExtension
    static final MemberExtension MEMBER = new MemberExtension();

    private static final AtomicInteger PREFIXES = new AtomicInteger();
    private static final Map<Protocol, HttpTransport> TRANSPORTS = new EnumMap<>(Protocol.class);

    /** What the requests travel over. */
    enum Protocol {
        HTTP_1_1,
        HTTP_2;

        HttpTransport transport() {
            // etcd 3.4 takes all of clear-text HTTP/2 for gRPC
            assumeTrue(this == HTTP_1_1 || MEMBER.member().isQuorate(), "JSON over clear-text HTTP/2");
            String url = MEMBER.member().clientUrl();
            return TRANSPORTS.computeIfAbsent(
                    this, ignored -> this == HTTP_1_1 ? new Http1Transport(url) : new Http2Transport(url));
        }

        JsonNode post(String path, String body) {
            HttpReply reply = transport().send("POST", path, body);
            assertThat(reply.status()).as("%s", reply).isEqualTo(200);
            assertThat(reply.headers()).containsEntry("content-type", "application/json");
            assertThat(reply.headers()).containsEntry("grpc-metadata-content-type", "application/grpc");
            return reply.json();
        }

        void refuses(String path, String body, int status, int code, String message) {
            HttpReply reply = transport().send("POST", path, body);
            assertThat(reply.status()).as("%s", reply).isEqualTo(status);
            assertThat(reply.json().path("code").asInt()).isEqualTo(code);
            assertThat(reply.json().path("message").asString()).isEqualTo(message);
            if (MEMBER.member().isQuorate()) { // etcd 3.4 repeats the text as "error"
                assertThat(reply.json().propertyNames()).containsExactlyInAnyOrder("code", "message");
            }
        }
    }

    private final String prefix = "json" + PREFIXES.incrementAndGet() + "/";

    @AfterAll
    static void close() {
        TRANSPORTS.values().forEach(HttpTransport::close);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private String key(String name) {
        return base64(prefix + name);
    }

    /** Everything below the prefix, as members of a JSON object. */
    private String wholeRange() {
        return "\"key\":\"%s\",\"range_end\":\"%s\"".formatted(base64(prefix), base64(prefix.replace('/', '0')));
    }

    private long put(Protocol protocol, String name, String value) {
        JsonNode response =
                protocol.post("/v3/kv/put", "{\"key\":\"%s\",\"value\":\"%s\"}".formatted(key(name), base64(value)));
        return response.path("header").path("revision").asLong();
    }

    private static List<String> values(JsonNode range) {
        return range.path("kvs")
                .valueStream()
                .map(record -> new String(
                        Base64.getDecoder().decode(record.path("value").asString("")), StandardCharsets.UTF_8))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void rangeWhenKeyExistsShowsTheRecordInProtoJson(Protocol protocol) {
        long first = put(protocol, "a", "1");
        put(protocol, "a", "2");

        JsonNode range = protocol.post("/v3/kv/range", "{\"key\":\"" + key("a") + "\"}");

        JsonNode expected = HttpReply.parse("""
                {"key":"%s","create_revision":"%d","mod_revision":"%d","version":"2","value":"Mg=="}""".formatted(key("a"), first, first + 1));
        assertThat(range.path("kvs").path(0)).isEqualTo(expected);
        assertThat(range.path("count").asString()).isEqualTo("1");
        assertThat(range.propertyNames()).containsExactlyInAnyOrder("header", "kvs", "count");
        assertThat(range.path("header").propertyNames())
                .containsExactlyInAnyOrder("cluster_id", "member_id", "revision", "raft_term");
        assertThat(range.path("header").path("revision").isString()).isTrue();
        assertThat(protocol.post("/v3/kv/range", "{\"key\":\"" + key("none") + "\"}")
                        .propertyNames())
                .containsExactly("header");
    }

    @ParameterizedTest
    @EnumSource
    void rangeWhenOptionsAreGivenHonoursThem(Protocol protocol) {
        put(protocol, "a", "3");
        long before = put(protocol, "b", "1");
        put(protocol, "c", "2");

        assertThat(range(protocol, ",\"sort_target\":\"VALUE\",\"sort_order\":\"DESCEND\""))
                .containsExactly("3", "2", "1");
        assertThat(range(protocol, ",\"sortTarget\":4,\"sortOrder\":1")).containsExactly("1", "2", "3");
        assertThat(range(protocol, ",\"revision\":\"" + before + "\"")).containsExactly("3", "1");
        assertThat(range(protocol, ",\"revision\":" + before + ",\"noSuchField\":{\"a\":[1]}"))
                .containsExactly("3", "1");
        assertThat(range(protocol, ",\"keys_only\":true,\"serializable\":true")).containsExactly("", "", "");
        JsonNode limited = protocol.post("/v3/kv/range", "{" + wholeRange() + ",\"limit\":\"1\"}");
        assertThat(limited.path("more").asBoolean()).isTrue();
        assertThat(limited.path("count").asString()).isEqualTo("3");
        JsonNode counted = protocol.post("/v3/kv/range", "{" + wholeRange() + ",\"count_only\":true}");
        assertThat(counted.propertyNames()).containsExactlyInAnyOrder("header", "count");
    }

    private List<String> range(Protocol protocol, String options) {
        return values(protocol.post("/v3/kv/range", "{" + wholeRange() + options + "}"));
    }

    @ParameterizedTest
    @EnumSource
    void deleteRangeWhenPreviousIsWantedReturnsIt(Protocol protocol) {
        put(protocol, "a", "1");
        put(protocol, "b", "2");

        JsonNode deleted = protocol.post("/v3/kv/deleterange", "{" + wholeRange() + ",\"prev_kv\":true}");

        assertThat(deleted.path("deleted").asString()).isEqualTo("2");
        assertThat(deleted.path("prev_kvs")
                        .valueStream()
                        .map(kv -> kv.path("value").asString()))
                .containsExactly("MQ==", "Mg==");
        assertThat(protocol.post("/v3/kv/deleterange", "{" + wholeRange() + "}").propertyNames())
                .containsExactly("header");
    }

    @ParameterizedTest
    @EnumSource
    void txnWhenCompareHoldsAnswersEachOperation(Protocol protocol) {
        put(protocol, "a", "1");
        put(protocol, "b", "1");
        String body = """
                {"compare":[{"target":"VALUE","result":"EQUAL","key":"%1$s","value":"MQ=="},
                            {"target":"LEASE","key":"%1$s","lease":"0"}],
                 "success":[{"request_put":{"key":"%1$s","value":"Mg=="}},{"requestRange":{"key":"%1$s"}},
                            {"request_delete_range":{"key":"%2$s"}}],
                 "failure":[{"request_put":{"key":"%1$s","value":"Mw=="}}]}""".formatted(key("a"), key("b"));

        JsonNode then = protocol.post("/v3/kv/txn", body);
        JsonNode otherwise = protocol.post("/v3/kv/txn", body);

        assertThat(then.path("succeeded").asBoolean()).isTrue();
        JsonNode responses = then.path("responses");
        assertThat(responses.path(0).path("response_put").path("header").propertyNames())
                .containsExactly("revision");
        assertThat(values(responses.path(1).path("response_range"))).containsExactly("2");
        assertThat(responses
                        .path(2)
                        .path("response_delete_range")
                        .path("deleted")
                        .asString())
                .isEqualTo("1");
        assertThat(otherwise.has("succeeded")).isFalse();
        assertThat(range(protocol, "")).containsExactly("3");
    }

    @ParameterizedTest
    @EnumSource
    void watchWhenRevisionIsOldReplaysHistoryThenGoesOn(Protocol protocol) {
        long start = put(protocol, "a", "1");
        protocol.post("/v3/kv/deleterange", "{\"key\":\"" + key("a") + "\"}");
        String create =
                "{\"create_request\":{%s,\"start_revision\":\"%d\",\"prev_kv\":true}}".formatted(wholeRange(), start);

        try (LineStream watch = protocol.transport().stream("/v3/watch", create)) {
            JsonNode created = HttpReply.parse(watch.nextLine()).path("result");
            assertThat(watch.status()).isEqualTo(200);
            assertThat(created.propertyNames()).containsExactlyInAnyOrder("header", "created");
            JsonNode history = HttpReply.parse(watch.nextLine()).path("result").path("events");
            assertThat(history.path(0).has("type")).isFalse();
            assertThat(history.path(0).path("kv").path("value").asString()).isEqualTo("MQ==");
            assertThat(history.path(1).path("type").asString()).isEqualTo("DELETE");
            assertThat(history.path(1).path("kv").propertyNames()).containsExactlyInAnyOrder("key", "mod_revision");
            assertThat(history.path(1).path("prev_kv").path("value").asString()).isEqualTo("MQ==");

            put(protocol, "b", "new");
            JsonNode event = HttpReply.parse(watch.nextLine()).path("result").path("events");
            assertThat(event.path(0).path("kv").path("key").asString()).isEqualTo(key("b"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void leaseWhenGrantedCanBeKeptAndRevoked(Protocol protocol) {
        JsonNode granted = protocol.post("/v3/lease/grant", "{\"TTL\":60}");
        String id = granted.path("ID").asString();
        assertThat(granted.path("TTL").asString()).isEqualTo("60");
        protocol.post("/v3/kv/put", "{\"key\":\"%s\",\"lease\":\"%s\"}".formatted(key("a"), id));

        try (LineStream renewals = protocol.transport().stream("/v3/lease/keepalive", "{\"ID\":" + id + "}")) {
            JsonNode renewed = HttpReply.parse(renewals.nextLine()).path("result");
            assertThat(renewed.path("TTL").asString()).isEqualTo("60");
            assertThat(renewed.path("ID").asString()).isEqualTo(id);
        }
        for (String path : List.of("/v3/lease/timetolive", "/v3/kv/lease/timetolive")) {
            JsonNode life = protocol.post(path, "{\"ID\":\"%s\",\"keys\":true}".formatted(id));
            assertThat(life.path("grantedTTL").asString()).isEqualTo("60");
            assertThat(life.path("keys").path(0).asString()).isEqualTo(key("a"));
        }
        for (String path : List.of("/v3/lease/leases", "/v3/kv/lease/leases")) {
            assertThat(protocol.post(path, "{}")
                            .path("leases")
                            .valueStream()
                            .map(lease -> lease.path("ID").asString()))
                    .contains(id);
        }
        protocol.post("/v3/lease/revoke", "{\"ID\":\"%s\"}".formatted(id));
        assertThat(range(protocol, "")).isEmpty();
        protocol.refuses(
                "/v3/kv/lease/revoke",
                "{\"ID\":\"%s\"}".formatted(id),
                404,
                5,
                "etcdserver: requested lease not found");
    }

    @ParameterizedTest
    @EnumSource
    void compactionWhenDoneRefusesOlderRevisions(Protocol protocol) {
        long revision = put(protocol, "a", "1");
        put(protocol, "a", "2");
        String compact = "{\"revision\":\"%d\",\"physical\":true}".formatted(revision);
        protocol.post("/v3/kv/compaction", compact);

        String tooOld = "etcdserver: mvcc: required revision has been compacted";
        protocol.refuses("/v3/kv/compaction", compact, 400, 11, tooOld);
        String range = "{\"key\":\"%s\",\"revision\":\"%d\"}";
        protocol.refuses("/v3/kv/range", range.formatted(key("a"), revision - 1), 400, 11, tooOld);
        protocol.refuses(
                "/v3/kv/range",
                range.formatted(key("a"), 1_000_000),
                400,
                11,
                "etcdserver: mvcc: required revision is a future revision");
        assertThat(values(protocol.post("/v3/kv/range", range.formatted(key("a"), revision))))
                .containsExactly("1");
    }

    @ParameterizedTest
    @EnumSource
    void maintenanceAndClusterWhenAskedDescribeTheMember(Protocol protocol) {
        JsonNode status = protocol.post("/v3/maintenance/status", "");
        JsonNode members = protocol.post("/v3/cluster/member/list", "{}").path("members");

        assertThat(status.path("version").asString()).startsWith("3.");
        assertThat(status.path("leader")).isEqualTo(status.path("header").path("member_id"));
        assertThat(status.propertyNames()).contains("dbSize", "raftIndex", "raftTerm", "raftAppliedIndex");
        assertThat(members.size()).isEqualTo(1);
        assertThat(members.path(0).path("ID")).isEqualTo(status.path("leader"));
        assertThat(members.path(0).path("name").asString()).isEqualTo("default");
        assertThat(members.path(0).path("clientURLs").path(0).asString())
                .isEqualTo(MEMBER.member().clientUrl());
        assertThat(protocol.post("/v3/maintenance/alarm", "{}").propertyNames()).doesNotContain("alarms");
    }

    @ParameterizedTest
    @EnumSource
    void requestWhenBadGetsTheErrorOfEtcd(Protocol protocol) {
        protocol.refuses("/v3/kv/put", "{}", 400, 3, "etcdserver: key is not provided");
        protocol.refuses("/v3/kv/range", "", 400, 3, "etcdserver: key is not provided");
        protocol.refuses(
                "/v3/kv/put",
                "{\"key\":\"%s\",\"lease\":\"77\"}".formatted(key("a")),
                404,
                5,
                "etcdserver: requested lease not found");
    }

    @ParameterizedTest
    @EnumSource
    void pathWhenUnknownOrWrongMethodSaysSo(Protocol protocol) {
        assumeTrue(MEMBER.member().isQuorate(), "etcd changed these answers in 3.6");
        protocol.refuses("/v3/kv/nothing", "{}", 404, 5, "Not Found");
        HttpReply get = protocol.transport().send("GET", "/v3/kv/put", "");
        assertThat(get.status()).isEqualTo(501);
        assertThat(get.json()).isEqualTo(HttpReply.parse("{\"code\":12,\"message\":\"Method Not Allowed\"}"));
        assertThat(protocol.transport().send("POST", "/health", "{}").status()).isEqualTo(405);
        assertThat(protocol.transport().send("GET", "/nowhere", "").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource
    void healthWhenServingIsTrue(Protocol protocol) {
        HttpReply health = protocol.transport().send("GET", "/health", "");

        assertThat(health.status()).isEqualTo(200);
        assertThat(health.json().path("health").asString()).isEqualTo("true");
        assertThat(protocol.transport()
                        .send("GET", "/health?serializable=true&exclude=NOSPACE", "")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void probesWhenServingAreOk(Protocol protocol) {
        assumeTrue(MEMBER.member().isQuorate(), "livez and readyz came after 3.4.23");
        for (String path : List.of("/livez", "/readyz", "/readyz/linearizable_read", "/livez/serializable_read")) {
            HttpReply probe = protocol.transport().send("GET", path, "");
            assertThat(probe.status()).as(path).isEqualTo(200);
            assertThat(probe.body()).as(path).isEqualTo("ok\n");
        }
        assertThat(protocol.transport().send("GET", "/readyz?verbose", "").body())
                .contains("[+]linearizable_read ok", "[+]data_corruption ok", "[+]serializable_read ok");
        assertThat(protocol.transport().send("GET", "/livez/nothing", "").status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource
    void versionAndMetricsWhenAskedAnswer(Protocol protocol) {
        HttpReply version = protocol.transport().send("GET", "/version", "");
        HttpReply metrics = protocol.transport().send("GET", "/metrics", "");

        assertThat(version.json().path("etcdserver").asString()).startsWith("3.");
        assertThat(version.json().path("etcdcluster").asString()).startsWith("3.");
        assertThat(metrics.status()).isEqualTo(200);
        assertThat(metrics.headers().get("content-type")).startsWith("text/plain");
        assertThat(metrics.body())
                .contains(
                        "\netcd_server_has_leader 1",
                        "\netcd_server_is_leader 1",
                        "# TYPE etcd_server_has_leader gauge")
                .contains("etcd_disk_wal_fsync_duration_seconds_bucket", "etcd_mvcc_db_total_size_in_bytes");
    }

    @Test
    void optionsWhenAskedByABrowserAllowsAll() {
        HttpReply options = Protocol.HTTP_1_1.transport().send("OPTIONS", "/v3/kv/range", "");

        assertThat(options.status()).isEqualTo(200);
        assertThat(options.headers())
                .containsEntry("access-control-allow-origin", "*")
                .containsEntry("access-control-allow-headers", "accept, content-type, authorization")
                .containsEntry("access-control-allow-methods", "POST, GET, OPTIONS, PUT, DELETE");
    }

    @Test
    void operatorPortWhenAskedShowsHealthAndRaft() {
        assumeTrue(MEMBER.member().isQuorate(), "actuator");
        try (Http1Transport operator = new Http1Transport(MEMBER.member().managementUrl())) {
            for (String path : List.of("", "/liveness", "/readiness")) {
                HttpReply health = operator.send("GET", "/actuator/health" + path, "");
                assertThat(health.status()).as(path).isEqualTo(200);
                assertThat(health.json().path("status").asString()).isEqualTo("UP");
            }
            assertThat(operator.send("GET", "/actuator/raft", "").json().toString())
                    .containsIgnoringCase("leader")
                    .containsIgnoringCase("term");
            assertThat(operator.send("GET", "/actuator/prometheus", "").body()).contains("etcd_server_has_leader");
        }
    }
}
