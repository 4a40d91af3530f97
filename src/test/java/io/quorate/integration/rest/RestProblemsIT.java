package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.Http2Transport;
import io.quorate.fixture.HttpReply;
import io.quorate.integration.rest.RestClient.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the REST API does with requests that are wrong, or no HTTP at all: it answers with a problem. */
class RestProblemsIT extends RestFixture {

    private static final byte[] LEASE = "{\"ttl\":300}".getBytes(StandardCharsets.UTF_8);
    private static final String HOST = " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";

    /** Requires that an answer is a problem of that status, with the status in it too. */
    private static String problem(String request, int status) throws IOException {
        String answer = raw(request);
        assertThat(answer)
                .as(request.substring(0, Math.min(200, request.length())))
                .startsWith("HTTP/1.1 " + status + " ")
                .containsIgnoringCase("content-type: application/problem+json")
                .doesNotContain("<html");
        JsonNode body = HttpReply.parse(answer.substring(answer.indexOf('{'), answer.lastIndexOf('}') + 1));
        assertThat(body.path("status").asInt()).isEqualTo(status);
        assertThat(body.path("type").asString()).startsWith("urn:quorate:problem:");
        return answer;
    }

    @Test
    void nameWhenItIsEmptyIsRefusedAtOnce() {
        for (String kind : List.of("locks", "elections")) {
            String path = "/api/v1/" + kind + "/";
            client.json("POST", path, "{}").problem(400, "path: the name is missing");
            client.get(path).problem(400, "path: the name is missing");
            client.json("POST", path + "?encoding=base64", "{}").problem(400, "path: the name is missing");
        }
        client.json(
                        "PUT",
                        "/api/v1/elections/",
                        "{\"key\":\"a\",\"create_revision\":1,\"lease\":\"1\",\"value\":\"x\"}")
                .problem(400, "path: the name is missing");
        client.get("/api/v1/elections/?observe").problem(400, "path: the name is missing");
        client.json("POST", "/api/v1/locks", "{}").problem(404, "no such path");
    }

    @Test
    void readWhenItHasAConditionIsHeldToIt() {
        String tag = client.put(keys + "/a", "1").is(200).header("etag");
        client.get(keys + "/a", "If-None-Match", "\"1\", W/" + tag).is(304);
        client.get(keys + "/a", "If-None-Match", "*").is(304);
        client.get(keys + "/a", "If-None-Match", "\"1\"", "If-None-Match", tag).is(304);
        client.get(keys + "/a", "If-None-Match", "\"1\"").is(200);
        client.get(keys + "/a", "If-Match", "\"1\", " + tag).is(200);
        client.get(keys + "/a", "If-Match", "*").is(200);
        client.send("HEAD", keys + "/a", new byte[0], "If-Match", "\"1\"").is(412);
        Reply other = client.get(keys + "/a", "If-Match", "\"1\"").is(412);
        other.problem(412, "the condition does not hold");
        assertThat(other.header("etag")).isEqualTo(tag);
        client.get(keys + "/a", "If-Match", "W/" + tag).is(412); // a weak tag matches nothing here
        client.get(keys + "/a", "If-Match", "\"1\"", "If-None-Match", tag).is(412);
        client.get(keys + "/none", "If-Match", "*").is(404);
        client.get(keys + "/?prefix", "If-Match", tag).is(412); // a page has no tag
        client.get(keys + "/?prefix", "If-None-Match", tag).is(200);
        client.get(keys + "/a?count_only", "If-Match", tag).is(412);
    }

    @Test
    void ttlWhenItIsOutOfBoundsIsRefused() {
        String path = "/api/v1/locks/" + name;
        for (long ttl : List.of(0L, -1L, Long.MIN_VALUE)) {
            String body = "{\"ttl\":" + ttl + "}";
            client.json("POST", "/api/v1/leases", body).problem(400, "ttl: must be positive");
            client.json("POST", path, body).problem(400, "ttl: must be positive");
            client.json("POST", "/api/v1/elections/" + name, body).problem(400, "ttl: must be positive");
        }
        client.json("POST", "/api/v1/leases", "{\"ttl\":9000000001}").problem(400, "etcdserver: too large lease TTL");
        client.json("POST", path, "{\"ttl\":9000000001}").problem(400, "etcdserver: too large lease TTL");
        client.json("POST", "/api/v1/leases", "{\"ttl\":1e30}").problem(400, "ttl: not of the right kind");
        client.json("POST", "/api/v1/leases", "{\"ttl\":9000000000}").is(201);
    }

    @Test
    void watchWhenItBeginsBelowTheCompactionIsRefused() {
        client.put(keys + "/a", "1").is(200);
        long revision =
                client.put(keys + "/a", "2").is(200).json().path("mod_revision").asLong();
        client.json("POST", "/api/v1/compaction", "{\"revision\":" + revision + ",\"physical\":true}")
                .is(200);
        for (String path : List.of("/a?from=1", "/?prefix&from=" + (revision - 1))) {
            JsonNode gone = client.get("/api/v1/watch/" + name + path)
                    .problem(410, "etcdserver: mvcc: required revision has been compacted");
            assertThat(gone.path("compact_revision").asLong()).isEqualTo(revision);
        }
        client.get("/api/v1/watch/?prefix", "Last-Event-ID", "1").is(410);
        try (EventReader events = client.events("/api/v1/watch/" + name + "/a?from=" + revision)) {
            assertThat(events.change().data().path("value").asString()).isEqualTo("2");
        }
    }

    @Test
    void nameWhenItHasSlashesOrPercentSignsIsKept() {
        for (String user : Map.of("/x%", "%2Fx%25", "ä b\\..", "%C3%A4%20b%5C..").entrySet().stream()
                .map(each -> each.getKey() + "|" + each.getValue())
                .toList()) {
            String own = name + user.substring(0, user.indexOf('|'));
            String escaped = name + user.substring(user.indexOf('|') + 1);
            String quoted = own.replace("\\", "\\\\");
            client.json("POST", "/api/v1/users", "{\"name\":\"" + quoted + "\",\"password\":\"p\"}")
                    .is(201);
            client.json("POST", "/api/v1/roles", "{\"name\":\"" + quoted + "\"}")
                    .is(201);
            client.send("PUT", "/api/v1/users/" + escaped + "/roles/" + escaped, new byte[0])
                    .is(204);
            JsonNode found = client.get("/api/v1/users/" + escaped).is(200).json();
            assertThat(found.path("name").asString()).isEqualTo(own);
            assertThat(found.path("roles").path(0).asString()).isEqualTo(own);
            client.delete("/api/v1/roles/" + escaped).is(204);
            client.delete("/api/v1/users/" + escaped).is(204);
        }
    }

    @Test
    void pathWhenItIsMalformedIsAProblem() throws IOException {
        for (String path : List.of(
                "/api/v1/users/%00",
                "/api/v1/users/a%ff",
                "/api/v1/users/a%",
                "/api/v1/users/%zz",
                "/api/v1/keys/%zz",
                "/api/v1/status\\",
                "/api/v1/st|atus",
                "/api/v1/../../x",
                "/api/v1/%2e%2E/..;a/x",
                "/api/v1/users/.",
                "/api/v1/%2e%2e/%2e%2e/%2e%2e/x")) {
            problem("GET " + path + HOST + "\r\n", 400);
        }
        for (String path : List.of("/api/v1//status", "/api/v1/keys", "/api/", "/api/v2/x")) {
            problem("GET " + path + HOST + "\r\n", 404);
        }
        problem("GET /api/v1/" + "x".repeat(16_400) + HOST + "\r\n", 414);
        problem("GET /api/v1/" + "x".repeat(16_000) + "?" + "y".repeat(4_500) + HOST + "\r\n", 414);
        problem("GET /api/v1/" + "x".repeat(16_000) + "?" + "y".repeat(4_000) + HOST + "\r\n", 404);
    }

    @Test
    void methodWhenItIsNotAllowedIsAnsweredWithThoseThatAre() throws IOException {
        for (String method : List.of("TRACE", "PATCH", "FOO", "POST", "get")) {
            assertThat(problem(method + " " + keys + "/a" + HOST + "Content-Length: 0\r\n\r\n", 405))
                    .as(method)
                    .containsPattern("(?i)\nallow: [A-Z, ]*DELETE")
                    .containsPattern("(?i)\nallow: [A-Z, ]*GET")
                    .containsPattern("(?i)\nallow: [A-Z, ]*PUT");
        }
        problem("DELETE /api/v1/status" + HOST + "\r\n", 405);
        problem("TRACE /api/v1/nothing" + HOST + "\r\n", 404);
        client.get(keys + "/a").is(404);
    }

    @Test
    void headerWhenItIsTooLargeOrMalformedIsAProblem() throws IOException {
        String fields = "X-A: b\r\n".repeat(150);
        problem("GET /api/v1/status" + HOST + fields + "\r\n", 431);
        problem("GET /api/v1/status" + HOST + "X-Long: " + "x".repeat(40_000) + "\r\n\r\n", 431);
        problem("GET /api/v1/status" + HOST + "X-Long: " + "x".repeat(700_000) + "\r\n\r\n", 431);
        problem("GET /api/v1/status" + HOST + "No colon\r\n\r\n", 400);
        problem("GET /api/v1/status HTTP/1.1\r\n\r\n", 400);
        problem("GET /api/v1/status HTTP/1.1\r\nHost: a/b\r\n\r\n", 400);
        problem("PUT " + keys + "/a" + HOST + "Transfer-Encoding: gzip\r\n\r\n", 501);
        problem("PUT " + keys + "/a" + HOST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400);
        problem("PUT " + keys + "/a" + HOST + "Expect: miracle\r\nContent-Length: 1\r\n\r\n", 417);
        problem("PUT " + keys + "/a" + HOST + "Content-Length: x\r\n\r\n", 400);
    }

    @Test
    void chunkWhenItIsMalformedIsNotTheMembersFault() throws IOException {
        for (int i = 0; i < 20; i++) {
            problem("PUT " + keys + "/a" + HOST + "Transfer-Encoding: chunked\r\n\r\n-4\r\nabcd\r\n", 400);
        }
        client.get(keys + "/a").is(404);
        assertThat(MEMBER.member().output()).doesNotContain("Tomcat cannot be reached");
    }

    @Test
    void pathWhenItsBeginningIsDisguisedIsAProblem() throws IOException {
        client.put("/api/v1/keys/app/a", "1").is(200);
        for (String path : List.of(
                "/api/v1/%6beys/~YXBwL2E",
                "/api/v1/keys;x=1/~YXBwL2E",
                "/api/v1;x=1/keys/~YXBwL2E",
                "/api/%761/keys/~YXBwL2E",
                "/api/v1/%74ree/~YXBwLw",
                "/api/v1/histor%79/~YXBwL2E",
                "/api/v1/keys%2f~YXBwL2E",
                "/api/v1/status;a=b/c",
                "/api/v1/%73tatus")) {
            assertThat(problem("GET " + path + HOST + "\r\n", 400)).contains("the path begins with");
        }
        problem("GET /api/v1//keys/~YXBwL2E" + HOST + "\r\n", 404);
        client.get("/api/v1/keys/~YXBwL2E").problem(404, "no such key");
    }

    @Test
    void nameWhenNoPathCanHaveItIsRefused() {
        for (String kind : List.of("users", "roles")) {
            for (String own : List.of(".", "..", "a\\u0000b")) {
                client.json("POST", "/api/v1/" + kind, "{\"name\":\"" + own + "\"" + passwordOf(kind) + "}")
                        .problem(400, "name: a dot, two dots or a zero character cannot be part of a path");
            }
            client.json("POST", "/api/v1/" + kind, "{\"name\":\"" + name + "...\"" + passwordOf(kind) + "}")
                    .is(201);
            client.delete("/api/v1/" + kind + "/" + name + "...").is(204);
        }
        client.json("POST", "/api/v1/users", "{\"name\":\"\",\"password\":\"a\"}")
                .problem(400, "name: is empty");
    }

    private static String passwordOf(String kind) {
        return kind.equals("users") ? ",\"password\":\"p\"" : "";
    }

    /** For a minute and a quarter; the rule itself is tested on a clock that is moved. */
    @Test
    void bodyWhenItStallsIsNotWaitedForForever() throws IOException {
        problem("PUT " + keys + "/a HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf", 408);
        client.get(keys + "/a").is(404);
    }

    @Test
    void requestWhenAnsweredEarlyDoesNotKeepItsConnectionForever() throws IOException {
        String fields = "X-A: b\r\n".repeat(150);
        problem("PUT " + keys + "/a HTTP/1.1\r\nHost: a\r\n" + fields + "Content-Length: 100\r\n\r\nhalf", 431);
    }

    @Test
    void formWhenItIsNotOfferedIsRefusedBeforeAnythingHappens() {
        int leases = client.get("/api/v1/leases").json().path("leases").size();
        client.send("POST", "/api/v1/leases", LEASE, "Content-Type", "application/json", "Accept", "image/png")
                .problem(406, "accept application/json");
        assertThat(client.get("/api/v1/leases").json().path("leases").size()).isEqualTo(leases);
        client.put(keys + "/a", "x", "Accept", "text/html").problem(406, "accept application/json");
        client.get(keys + "/a").is(404);
        client.get("/api/v1/status", "Accept", "application/json;q=0").is(406);
        client.get("/api/v1/status", "Accept", "garbage").is(406);
        client.get("/api/v1/status", "Accept", "text/html, */*;q=0.1").is(200);
        client.get("/api/v1/watch/" + name, "Accept", "application/json").problem(406, "accept text/event-stream");
        client.send("POST", "/api/v1/leases", LEASE).is(415);
        for (String type : List.of("text/plain", "garbage", "application/json; charset=nonsense")) {
            client.send("POST", "/api/v1/leases", LEASE, "Content-Type", type).problem(415, "send application/json");
        }
        client.put(keys + "/a", "x", "Content-Type", "garbage").is(415);
        client.put(keys + "/a", "x", "Content-Type", "application/x-unheard-of").is(200);
    }

    @Test
    void streamOfHttp2WhenItIsMalformedIsAProblem() {
        try (Http2Transport http2 = new Http2Transport(MEMBER.member().clientUrl())) {
            for (String path : List.of("/api/v1/users/%zz", "/api/v1/st atus", "/api/v1/users/%00", "/api/v1/\u00e4")) {
                HttpReply reply = http2.send("GET", path, "");
                assertThat(reply.status()).as(path).isEqualTo(400);
                assertThat(reply.json().path("status").asInt()).isEqualTo(400);
            }
            assertThat(http2.send("A B", "/api/v1/status", "")
                            .json()
                            .path("status")
                            .asInt())
                    .isEqualTo(400);
            assertThat(http2.send("TRACE", "/api/v1/status", "")
                            .json()
                            .path("status")
                            .asInt())
                    .isEqualTo(405);
        }
    }
}
