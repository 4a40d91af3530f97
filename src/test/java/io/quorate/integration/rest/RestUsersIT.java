package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The REST API with users, on a follower, over a restart, and where it is turned off. */
class RestUsersIT {

    private static final int TERMINATED = 143;

    /** How a request says who asks. */
    static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static void addUser(RestClient client, String name) {
        client.json("POST", "/api/v1/users", "{\"name\":\"%1$s\",\"password\":\"%1$s-pass\"}".formatted(name))
                .is(201);
        client.json("POST", "/api/v1/roles", "{\"name\":\"" + name + "\"}").is(201);
        client.send("PUT", "/api/v1/users/" + name + "/roles/" + name, new byte[0])
                .is(204);
    }

    @Test
    void userWhenAuthenticationIsOnMayWhatHisRolesAllow() {
        try (TestMember member = TestMember.create(Map.of()).start();
                RestClient nobody = new RestClient(member.clientUrl())) {
            nobody.put("/api/v1/keys/b", "x", "Authorization", basic("any", "one"))
                    .is(200); // nobody looks
            addUser(nobody, "root");
            addUser(nobody, "alice");
            nobody.json(
                            "POST",
                            "/api/v1/roles/alice/permissions",
                            "{\"type\":\"readwrite\",\"key\":\"a\",\"prefix\":true}")
                    .is(204);
            nobody.send("PUT", "/api/v1/auth", new byte[0]).is(204);

            JsonNode missing = nobody.get("/api/v1/keys/a").problem(401, "etcdserver: user name is empty");
            assertThat(missing.path("title").asString()).isEqualTo("A user is needed");
            assertThat(missing.path("type").asString()).endsWith(":unauthenticated");
            assertThat(missing.path("grpc_status").asString()).isEqualTo("INVALID_ARGUMENT");
            RestClient alice = nobody.with("Authorization", basic("alice", "alice-pass"));
            alice.put("/api/v1/keys/a1", "x").is(200);
            alice.put("/api/v1/keys/b1", "x").problem(403, "etcdserver: permission denied");
            alice.get("/api/v1/history/b").is(403);
            alice.get("/api/v1/watch/b").is(403);
            alice.get("/api/v1/elections/b?observe").is(403);
            alice.get("/api/v1/users").is(403);
            for (String path : List.of("snapshot", "calls/slow", "calls/streams", "settings")) {
                alice.get("/api/v1/" + path).problem(403, "etcdserver: permission denied");
            }
            alice.send("POST", "/api/v1/snapshot/links", new byte[0]).problem(403, "etcdserver: permission denied");
            nobody.get("/api/v1/snapshot").problem(401, "etcdserver: user name is empty");
            String link = nobody.send(
                            "POST", "/api/v1/snapshot/links", new byte[0], "Authorization", basic("root", "root-pass"))
                    .is(201)
                    .json()
                    .path("path")
                    .asString();
            assertThat(nobody.get(link).is(200).body()).as("without a token").hasSizeGreaterThan(1000);
            alice.json("POST", "/api/v1/locks/b", "{}").is(403);
            nobody.get("/api/v1/keys/a1", "Authorization", basic("alice", "wrong"))
                    .problem(401, "etcdserver: authentication failed, invalid user ID or password");
            nobody.get("/api/v1/keys/a1", "Authorization", "Bearer nonsense")
                    .problem(401, "etcdserver: invalid auth token");

            JsonNode login = nobody.json("POST", "/api/v1/auth/token", "{\"name\":\"root\",\"password\":\"root-pass\"}")
                    .is(200)
                    .json();
            RestClient root =
                    nobody.with("Authorization", "Bearer " + login.path("token").asString());
            assertThat(root.get("/api/v1/auth").is(200).json().path("enabled").asBoolean())
                    .isTrue();
            assertThat(root.get("/api/v1/users").is(200).text()).contains("alice");
            root.json("POST", "/api/v1/users", "{\"name\":\"\",\"password\":\"a\"}")
                    .problem(400, "name: is empty");
            JsonNode role = root.get("/api/v1/roles/alice").is(200).json();
            assertThat(role.path("permissions").path(0).path("prefix").asBoolean())
                    .isTrue();
            root.get("/api/v1/users/nix").problem(404, "etcdserver: user name not found");

            root.json("PUT", "/api/v1/users/alice/password", "{\"password\":\"other\"}")
                    .is(204);
            alice.get("/api/v1/keys/a1").is(401); // the token that was kept does not count any more
            RestClient again = nobody.with("Authorization", basic("alice", "other"));
            again.get("/api/v1/keys/a1").is(200);
            root.delete("/api/v1/roles/alice/permissions?key=a&prefix").is(204);
            again.get("/api/v1/keys/a1").is(403);
            root.delete("/api/v1/users/alice/roles/alice").is(204);
            root.delete("/api/v1/users/alice").is(204);
            root.delete("/api/v1/roles/alice").is(204);
            assertThat(root.get("/api/v1/roles").json().path("roles").size()).isEqualTo(1);
            root.delete("/api/v1/auth").is(204);
            nobody.get("/api/v1/keys/a1").is(200);
        }
    }

    @Test
    void followerWhenAskedServesAsTheLeaderDoes() {
        try (TestCluster cluster = new TestCluster(3, Map.of()).start();
                RestClient client = new RestClient(cluster.follower().clientUrl());
                RestClient leader = new RestClient(cluster.leader().clientUrl())) {
            client.put("/api/v1/keys/a", "1", "If-None-Match", "*").is(201);
            assertThat(leader.get("/api/v1/keys/a", "Accept", "text/plain").text())
                    .isEqualTo("1");
            String lease = client.json("POST", "/api/v1/leases", "{\"ttl\":300}")
                    .is(201)
                    .json()
                    .path("id")
                    .asString();
            client.json("POST", "/api/v1/leases/" + lease + "/keepalive", "{}").is(200);
            client.get("/api/v1/leases/" + lease).is(200);
            client.json("POST", "/api/v1/locks/l", "{}").is(201);
            assertThat(client.get("/api/v1/members").json().path("members").size())
                    .isEqualTo(3);
            assertThat(client.get("/api/v1/hash?revision=2").json().path("hash"))
                    .isEqualTo(leader.get("/api/v1/hash?revision=2").json().path("hash"));
            String other = client.get("/api/v1/status").json().path("member_id").asString();
            client.json("PUT", "/api/v1/leader", "{\"member\":\"" + other + "\"}")
                    .is(409); // it does not lead
            leader.json("PUT", "/api/v1/leader", "{\"member\":\"" + other + "\"}")
                    .is(204);
            Awaitility.await()
                    .until(() -> client.get("/api/v1/status")
                            .json()
                            .path("leader")
                            .asString("")
                            .equals(other));
        }
    }

    @Test
    void watchWhenItsMemberIsStartedAgainGoesOn() {
        try (TestMember member = TestMember.create(Map.of()).start()) {
            String lastId;
            try (RestClient client = new RestClient(member.clientUrl());
                    EventReader events = client.events("/api/v1/watch/k?prefix")) {
                client.put("/api/v1/keys/k1", "1").is(200);
                assertThat(events.change().data().path("value").asString()).isEqualTo("1");
                lastId = events.lastId();
                client.put("/api/v1/keys/k2", "2").is(200);
                assertThat(member.terminate(Duration.ofSeconds(30)).exitCode()).isEqualTo(TERMINATED);
            }
            member.start();
            try (RestClient client = new RestClient(member.clientUrl());
                    EventReader events = client.events("/api/v1/watch/k?prefix", "Last-Event-ID", lastId)) {
                assertThat(events.change().data().path("value").asString()).isEqualTo("2");
                client.put("/api/v1/keys/k3", "3").is(200);
                assertThat(events.change().data().path("value").asString()).isEqualTo("3");
            }
        }
    }

    @Test
    void memberWhenTheRestApiIsLimitedOrOffTurnsAway() {
        Map<String, String> few = Map.of("rest.requests", "2", "rest.streams", "1");
        try (TestMember member = TestMember.create(few).start();
                RestClient client = new RestClient(member.clientUrl());
                EventReader open = client.events("/api/v1/watch/k")) {
            client.get("/api/v1/watch/k").problem(503, "too many streams of events at the same time");
            assertThat(open.next().name()).isEqualTo("ready");
            client.json("POST", "/api/v1/locks/l", "{\"ttl\":300}").is(201);
            client.begin("POST", "/api/v1/locks/l", "{}");
            Awaitility.await().until(() -> client.get("/api/v1/status").status() == 503);
            client.get("/api/v1/status").problem(503, "too many requests of the REST API at the same time");
            assertThat(client.json("POST", "/v3/kv/range", "{\"key\":\"YQ==\"}").status())
                    .isEqualTo(200);
            assertThat(member.terminate(Duration.ofSeconds(30)).exitCode()).isEqualTo(TERMINATED);
        }
        try (TestMember member =
                        TestMember.create(Map.of("rest.enabled", "false")).start();
                RestClient client = new RestClient(member.clientUrl())) {
            assertThat(client.get("/api/v1/status").is(404).text()).isEqualTo("404 page not found\n");
            assertThat(client.json("POST", "/v3/kv/range", "{\"key\":\"YQ==\"}").status())
                    .isEqualTo(200);
        }
    }
}
