package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The REST API about leases, locks, elections, watches, and the work of operators. */
class RestOperationsIT extends RestFixture {

    @Test
    void leaseWhenRevokedTakesItsKeysAlong() {
        JsonNode lease =
                client.json("POST", "/api/v1/leases", "{\"ttl\":300}").is(201).json();
        String id = lease.path("id").asString();
        client.put(keys + "/a?lease=" + id, "x").is(200);
        assertThat(client.get(keys + "/a").json().path("lease").asString()).isEqualTo(id);
        assertThat(client.get("/api/v1/leases")
                        .json()
                        .path("leases")
                        .valueStream()
                        .map(JsonNode::asString))
                .contains(id);
        JsonNode told = client.get("/api/v1/leases/" + id + "?keys").is(200).json();
        assertThat(told.path("granted").asLong()).isEqualTo(300);
        assertThat(told.path("keys").path(0).path("key").asString()).isEqualTo(name + "/a");
        assertThat(client.json("POST", "/api/v1/leases/" + id + "/keepalive", "{}")
                        .is(200)
                        .json()
                        .path("ttl")
                        .asLong())
                .isEqualTo(300);

        client.delete("/api/v1/leases/" + id).is(204);
        client.get(keys + "/a").is(404);
        client.get("/api/v1/leases/" + id).problem(404, "etcdserver: requested lease not found");
        client.delete("/api/v1/leases/" + id).problem(404, "etcdserver: requested lease not found");
        client.json("POST", "/api/v1/leases/" + id + "/keepalive", "{}").is(404);
        client.json("POST", "/api/v1/leases", "{}").problem(400, "ttl: missing");
        client.get("/api/v1/leases/xyz").problem(400, "id: hexadecimal digits");
        client.put(keys + "/a?lease=" + id, "x").is(404);
    }

    /** A thread that waits must not keep one of the few that all virtual threads share. */
    @Test
    void locksWhenManyWaitLeaveTheOthersAlone() {
        String path = "/api/v1/locks/" + name;
        client.json("POST", path, "{\"ttl\":600}").is(201);
        int waiting = Math.min(60, 4 * Runtime.getRuntime().availableProcessors());
        for (int i = 0; i < waiting; i++) {
            client.begin("POST", path, "{\"ttl\":600,\"wait_seconds\":600}");
        }
        Awaitility.await().until(() -> client.get(path).json().path("waiting").size() == waiting);
        client.get("/api/v1/status").is(200);
    }

    @Test
    void lockWhenHeldIsGivenToTheNext() throws Exception {
        String path = "/api/v1/locks/" + name;
        JsonNode held = client.json("POST", path, "{\"ttl\":300}").is(201).json();
        client.json("POST", path, "{\"wait_seconds\":1}").problem(409, "not free within 1 seconds");
        assertThat(client.get(path).json().path("waiting").size()).isZero();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<JsonNode> next =
                    threads.submit(() -> client.json("POST", path, "{}").is(201).json());
            Awaitility.await()
                    .until(() -> client.get(path).json().path("waiting").size() == 1);
            client.delete("/api/v1/locks/" + held.path("key").asString()).is(204);
            assertThat(client.get(path).json().path("holder").path("key").asString())
                    .isEqualTo(next.get(60, TimeUnit.SECONDS).path("key").asString());
        }
    }

    @Test
    void lockWhenTheWaitingClientLeavesIsNotWaitedForAnyMore() {
        String path = "/api/v1/locks/" + name;
        int leases = client.get("/api/v1/leases").json().path("leases").size();
        client.json("POST", path, "{\"ttl\":300}").is(201);
        try (RestClient impatient = new RestClient(MEMBER.member().clientUrl())) {
            impatient.begin("POST", path, "{\"wait_seconds\":3600}");
            Awaitility.await()
                    .until(() -> client.get(path).json().path("waiting").size() == 1);
        }
        Awaitility.await().until(() -> client.get(path).json().path("waiting").size() == 0);
        Awaitility.await() // the lease that was made for it goes too
                .until(() -> client.get("/api/v1/leases").json().path("leases").size() == leases + 1);
    }

    @Test
    void lockWhenGivenUpByNobodysKeyStays() {
        String path = "/api/v1/locks/" + name;
        JsonNode held = client.json("POST", path, "{\"ttl\":300}").is(201).json();
        String key = held.path("key").asString();
        client.put("/api/v1/keys/" + name + "-plain", "x").is(200);
        client.delete("/api/v1/locks/" + name + "-plain").is(404);
        client.delete(path).is(404);
        client.delete(path + "/1234").is(404);
        client.get("/api/v1/keys/" + name + "-plain").is(200);
        assertThat(client.get(path).json().path("holder").path("key").asString())
                .isEqualTo(key);
        client.delete("/api/v1/locks/" + key).is(204);
        client.delete("/api/v1/locks/" + key).is(404);
    }

    @Test
    void electionWhenItsLeaderProclaimsIsObserved() {
        String path = "/api/v1/elections/" + name;
        client.get(path).problem(404, "election: no leader");
        try (EventReader observed = client.events(path + "?observe")) {
            JsonNode won =
                    client.json("POST", path, "{\"value\":\"one\"}").is(201).json();
            assertThat(client.get(path).is(200).json().path("value").asString()).isEqualTo("one");
            assertThat(observed.next().data().path("value").asString()).isEqualTo("one");
            String leader = "\"key\":\"%s\",\"create_revision\":%d,\"lease\":\"%s\""
                    .formatted(
                            won.path("key").asString(),
                            won.path("create_revision").asLong(),
                            won.path("lease").asString());
            client.json("PUT", path, "{" + leader + ",\"value\":\"two\"}").is(204);
            assertThat(observed.next().data().path("value").asString()).isEqualTo("two");
            client.json("PUT", path, "{" + leader.replace("revision\":", "revision\":1") + ",\"value\":\"x\"}")
                    .problem(409, "election: not leader");
            client.json("PUT", path, "{" + leader.replaceFirst(",\"lease.*", "") + ",\"value\":\"x\"}")
                    .is(400);
            client.delete(path + "?key=" + won.path("key").asString() + "&create_revision=1")
                    .is(404);
            client.delete(path + "?key=" + won.path("key").asString() + "&create_revision="
                            + won.path("create_revision").asLong())
                    .is(204);
            client.get(path).is(404);
            client.delete(path + "?key=x").problem(400, "create_revision: missing");
        }
    }

    @Test
    void watchWhenResumedGoesOnBehindTheLastRevision() {
        String path = "/api/v1/watch/" + name + "/?prefix&previous";
        String lastId;
        try (EventReader first = client.events(path)) {
            assertThat(first.next().name()).isEqualTo("ready");
            client.put(keys + "/a", "1").is(200);
            EventReader.Event put = first.next();
            assertThat(put.name()).isEqualTo("put");
            assertThat(put.data().path("value").asString()).isEqualTo("1");
            lastId = first.lastId();
            assertThat(lastId).isEqualTo(put.data().path("revision").asString());
        }
        client.json(
                        "POST",
                        "/api/v1/txn",
                        "{\"success\":[{\"put\":{\"key\":\"%1$s/b\",\"value\":\"2\"}},{\"delete\":{\"key\":\"%1$s/a\"}}]}"
                                .formatted(name))
                .is(200);
        try (EventReader second = client.events(path, "Last-Event-ID", lastId)) {
            EventReader.Event put = second.change();
            assertThat(put.data().path("key").asString()).isEqualTo(name + "/b");
            assertThat(put.id()).isEqualTo(lastId); // half a revision is nothing to go on behind
            EventReader.Event deleted = second.change();
            assertThat(deleted.name()).isEqualTo("delete");
            assertThat(deleted.data().path("previous").path("value").asString()).isEqualTo("1");
            assertThat(deleted.id()).isEqualTo(deleted.data().path("revision").asString());
        }
        client.get(path + "&from=-1").is(400);
        client.get(path, "Last-Event-ID", "x").problem(400, "Last-Event-ID: not an id of an event of this API");
        client.get(path + "&only=both").problem(400, "only: put or delete");
    }

    @Test
    void watchWhenItsReaderIsSlowHoldsLittle() {
        String value = "v".repeat(100_000);
        try (EventReader slow = client.events("/api/v1/watch/" + name + "/?prefix")) {
            for (int i = 0; i < 200; i++) { // 20 MB, more than fits into what lies in between
                client.put(keys + "/a", value).is(200);
            }
            for (int i = 0; i < 200; i++) {
                assertThat(slow.change().data().path("value").asString()).hasSize(value.length());
            }
        }
    }

    @Test
    void operatorWhenAskingAboutTheMemberIsAnswered() {
        JsonNode status = client.get("/api/v1/status").is(200).json();
        String self = status.path("member_id").asString();
        assertThat(status.path("leader").asString()).isEqualTo(self);
        JsonNode member =
                client.get("/api/v1/members").is(200).json().path("members").path(0);
        assertThat(member.path("id").asString()).isEqualTo(self);
        assertThat(member.path("client_urls").path(0).asString())
                .isEqualTo(MEMBER.member().clientUrl());
        assertThat(client.get("/api/v1/alarms").is(200).json().path("alarms").size())
                .isZero();
        assertThat(client.delete("/api/v1/alarms/all")
                        .is(200)
                        .json()
                        .path("alarms")
                        .size())
                .isZero();
        client.delete("/api/v1/alarms/fire").problem(400, "type: nospace, corrupt or all");
        assertThat(client.get("/api/v1/hash").is(200).json().path("hash").isNumber())
                .isTrue();
        client.json("POST", "/api/v1/defragment", "{}").is(200);
        assertThat(client.get("/api/v1/backups").is(200).json().path("enabled").asBoolean())
                .isFalse();
        client.json("POST", "/api/v1/backups", "{}")
                .problem(409, "quorate: there are no backups: quorate.backup.to is not set");
        client.json("PUT", "/api/v1/leader", "{}").problem(400, "member: missing");
        client.json("PUT", "/api/v1/leader", "{\"member\":\"1\"}").is(409);
        client.json("POST", "/api/v1/compaction", "{}").problem(400, "revision: missing");
        client.json("POST", "/api/v1/compaction", "{\"revision\":1000000}")
                .problem(400, "etcdserver: mvcc: required revision is a future revision");
        client.json("POST", "/api/v1/members/1/promote", "{}").problem(404, "etcdserver: member not found");
        client.delete("/api/v1/members/1").is(404);
        client.json("POST", "/api/v1/members", "{\"learner\":true}").problem(400, "peer_urls: a list of URLs");
        JsonNode learner = client.json(
                        "POST", "/api/v1/members", "{\"learner\":true,\"peer_urls\":[\"http://127.0.0.1:1\"]}")
                .is(201)
                .json();
        String id = learner.path("id").asString();
        assertThat(client.json("PUT", "/api/v1/members/" + id, "{\"peer_urls\":[\"http://127.0.0.1:2\"]}")
                        .is(200)
                        .text())
                .contains("http://127.0.0.1:2");
        client.json("POST", "/api/v1/members/" + id + "/promote", "{}")
                .problem(409, "etcdserver: can only promote a learner member which is in sync with leader");
        client.delete("/api/v1/members/" + id).is(200);
    }
}
