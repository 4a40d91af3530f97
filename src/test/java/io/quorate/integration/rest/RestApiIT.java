package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.integration.rest.RestClient.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The REST API about keys, transactions and history. */
class RestApiIT extends RestFixture {

    private static long revision(Reply written) {
        return written.is(written.status() == 201 ? 201 : 200)
                .json()
                .path("mod_revision")
                .asLong();
    }

    @Test
    void keyWhenWrittenIsReadInTheFormThatIsAskedFor() {
        long revision = revision(client.put(keys + "/name", "hällo", "Content-Type", "text/plain"));

        Reply object = client.get(keys + "/name").is(200);
        assertThat(object.json()).isEqualTo(io.quorate.fixture.HttpReply.parse("""
                        {"key":"%1$s/name","key_encoding":"text","value":"hällo","encoding":"text",
                        "create_revision":%2$d,"mod_revision":%2$d,"version":1}""".formatted(name, revision)));
        assertThat(object.header("etag")).isEqualTo("\"" + revision + "\"");
        Reply text = client.get(keys + "/name", "Accept", "text/plain").is(200);
        assertThat(text.text()).isEqualTo("hällo");
        assertThat(text.header("x-content-type-options")).isEqualTo("nosniff");
        Reply bytes =
                client.get(keys + "/name", "Accept", "application/octet-stream").is(200);
        assertThat(bytes.body()).isEqualTo("hällo".getBytes(StandardCharsets.UTF_8));
        Reply head = client.send("HEAD", keys + "/name", new byte[0]).is(200);
        assertThat(head.header("etag")).isEqualTo("\"" + revision + "\"");
        assertThat(head.body()).isEmpty();
        client.get(keys + "/name", "If-None-Match", "\"" + revision + "\"").is(304);
        client.get(keys + "/name", "Accept", "image/png").is(406);
        client.get(keys + "/none").problem(404, "no such key");
        client.delete(keys + "/name").is(200);
        client.delete(keys + "/name").problem(404, "no such key");
    }

    @Test
    void valueWhenSentAsJsonIsItsField() {
        client.json("PUT", keys + "/a", "{\"value\":\"//8=\",\"encoding\":\"base64\"}")
                .is(200);
        client.json("PUT", keys + "/b", "{\"value\":{\"n\":[1,2]}}").is(200);

        assertThat(client.get(keys + "/a", "Accept", "application/octet-stream").body())
                .containsExactly(0xff, 0xff);
        client.get(keys + "/a", "Accept", "text/plain").is(406);
        assertThat(client.get(keys + "/a").json().path("encoding").asString()).isEqualTo("base64");
        assertThat(client.get(keys + "/b", "Accept", "text/plain").text()).isEqualTo("{\"n\":[1,2]}");
        JsonNode problem = client.json("PUT", keys + "/c", "{\"valeu\":\"x\"}").problem(400, "valeu: no such field");
        assertThat(problem.path("field").asString()).isEqualTo("valeu");
        client.json("PUT", keys + "/c", "{\"value\":").problem(400, "body: not JSON");
        client.json("PUT", keys + "/c", "{}").problem(400, "value: missing");
        client.json("PUT", keys + "/c", "{\"value\":\"x\",\"encoding\":\"rot13\"}")
                .problem(400, "encoding: one of text, base64, hex");
        client.json("PUT", keys + "/c", "{\"value\":" + "[".repeat(200) + "]".repeat(200) + "}")
                .problem(400, "body: nested deeper than 100 levels");
    }

    @Test
    void keyWhenItIsNotTextIsTheSameInEveryEncoding() {
        String path = "/api/v1/keys//" + name + "//a%2Fb/..%00%ff;x=1+2";
        client.put(path, "odd").is(200);
        String shown = client.get(path).is(200).json().path("key").asString();
        assertThat(client.get(path).json().path("key_encoding").asString()).isEqualTo("base64");
        byte[] key = java.util.Base64.getDecoder().decode(shown);
        assertThat(new String(key, StandardCharsets.ISO_8859_1)).isEqualTo("/" + name + "//a/b/..\0\u00ff;x=1+2");

        String url = shown.replace('+', '-').replace('/', '_').replace("=", "");
        assertThat(client.get("/api/v1/keys/" + url + "?encoding=base64")
                        .is(200)
                        .json()
                        .path("value")
                        .asString())
                .isEqualTo("odd");
        String hex = java.util.HexFormat.of().formatHex(key);
        client.delete("/api/v1/keys/" + hex + "?encoding=hex").is(200);
        client.get(path).is(404);
        client.get("/api/v1/keys/xyz?encoding=hex").problem(400, "path: not in the encoding hex");
        client.put("/api/v1/keys/", "x").problem(400, "etcdserver: key is not provided");
    }

    @Test
    void writeWhenItsConditionFailsTellsTheVersion() {
        Reply created = client.put(keys + "/a", "1", "If-None-Match", "*").is(201);
        Reply again = client.put(keys + "/a", "2", "If-None-Match", "*").is(412);
        assertThat(again.header("etag")).isEqualTo(created.header("etag"));
        Reply changed =
                client.put(keys + "/a", "3", "If-Match", created.header("etag")).is(200);
        JsonNode problem = client.put(keys + "/a", "4", "If-Match", created.header("etag"))
                .problem(412, "the condition does not hold");
        assertThat(problem.path("mod_revision").asLong()).isEqualTo(revision(changed));
        client.delete(keys + "/a", "If-Match", created.header("etag")).is(412);
        client.put(keys + "/none", "1", "If-Match", "*").is(412);
        client.put(keys + "/a", "1", "If-Match", "W/\"x\"").problem(400, "If-Match: one ETag of this API, or *");
        client.delete(keys + "/a", "If-Match", changed.header("etag")).is(200);
    }

    @Test
    void writersWhenTheyRaceByEntityTagLoseNoUpdate() throws Exception {
        client.put(keys + "/n", "0").is(200);
        List<Future<Integer>> writers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                writers.add(threads.submit(() -> increments(keys + "/n", 10)));
            }
            for (Future<Integer> writer : writers) {
                assertThat(writer.get()).isEqualTo(10);
            }
        }
        assertThat(client.get(keys + "/n", "Accept", "text/plain").text()).isEqualTo("40");
    }

    private static int increments(String path, int wanted) {
        int done = 0;
        while (done < wanted) {
            Reply before = client.get(path, "Accept", "text/plain").is(200);
            String next = Integer.toString(Integer.parseInt(before.text()) + 1);
            if (client.put(path, next, "If-Match", before.header("etag")).status() == 200) {
                done++;
            }
        }
        return done;
    }

    @Test
    void prefixWhenReadInPagesShowsOneRevision() {
        for (int i = 0; i < 5; i++) {
            client.put(keys + "/" + i, "old").is(200);
        }
        JsonNode first = client.get(keys + "/?prefix&limit=2&keys_only").is(200).json();
        assertThat(first.path("remaining").asLong()).isEqualTo(3);
        assertThat(first.path("keys").path(0).has("value")).isFalse();
        client.put(keys + "/4", "new").is(200);
        client.delete(keys + "/3").is(200);

        String next = first.path("continue").asString();
        JsonNode second = client.get(keys + "/?prefix&continue=" + next).is(200).json();
        assertThat(second.path("keys").valueStream().map(key -> key.path("key").asString()))
                .containsExactly(name + "/2", name + "/3", name + "/4");
        assertThat(second.path("keys").path(2).path("value").asString()).isEqualTo("old");
        assertThat(second.has("continue")).isFalse();
        assertThat(client.get(keys + "/?prefix&count_only").json().path("count").asLong())
                .isEqualTo(4);
        client.get("/api/v1/keys/other?prefix&continue=" + next)
                .problem(400, "continue: from the answer for another prefix");
        client.get(keys + "/?prefix&continue=AAAA").problem(400, "continue: not from an answer of this API");
        client.get(keys + "/?prefix&limit=0").problem(400, "limit: between 1 and 10000");
        client.get(keys + "/?prefix&limit=x").problem(400, "limit: not a whole number");
        client.get(keys + "/?prefix=maybe").problem(400, "prefix: true or false");
    }

    @Test
    void prefixWhenDeletedAfterADryRunMustBeUnchanged() {
        IntStream.range(0, 3).forEach(i -> client.put(keys + "/" + i, "x").is(200));
        Reply dry = client.delete(keys + "/?prefix&dry_run&limit=2").is(200);
        assertThat(dry.json().path("count").asLong()).isEqualTo(3);
        assertThat(dry.json().path("keys").size()).isEqualTo(2);
        client.delete(keys + "/?prefix&dryrun").problem(400, "dryrun: no such parameter");
        client.put(keys + "/2", "y").is(200);
        client.delete(keys + "/?prefix", "If-Match", dry.header("etag")).is(412);

        String tag = client.delete(keys + "/?prefix&dry_run").header("etag");
        Reply deleted = client.delete(keys + "/?prefix", "If-Match", tag).is(200);
        assertThat(deleted.json().path("deleted").asLong()).isEqualTo(3);
        assertThat(client.delete(keys + "/?prefix")
                        .is(200)
                        .json()
                        .path("deleted")
                        .asLong())
                .isZero();
    }

    @Test
    void historyWhenAKeyWasDeletedTellsAllItsLives() {
        long first = revision(client.put(keys + "/h", "1"));
        client.put(keys + "/h", "2").is(200);
        client.delete(keys + "/h").is(200);
        long last = revision(client.put(keys + "/h", "3"));

        JsonNode history =
                client.get("/api/v1/history/" + name + "/h?limit=3").is(200).json();
        assertThat(history.path("changes")
                        .valueStream()
                        .map(change -> change.path("type").asString()
                                + change.path("value").asString("")))
                .containsExactly("put3", "delete", "put2");
        JsonNode rest = client.get("/api/v1/history/" + name + "/h?limit=3&continue="
                        + history.path("continue").asLong())
                .is(200)
                .json();
        assertThat(rest.path("changes").size()).isEqualTo(1);
        assertThat(rest.path("changes").path(0).path("revision").asLong()).isEqualTo(first);
        assertThat(client.get(keys + "/h?revision=" + first)
                        .json()
                        .path("value")
                        .asString())
                .isEqualTo("1");

        client.json("POST", "/api/v1/compaction", "{\"revision\":" + last + "}").is(200);
        JsonNode left = client.get("/api/v1/history/" + name + "/h").is(200).json();
        assertThat(left.path("changes")
                        .valueStream()
                        .map(change -> change.path("value").asString()))
                .containsExactly("3");
        assertThat(left.path("compact_revision").asLong()).isEqualTo(last);
        JsonNode gone = client.get(keys + "/h?revision=" + first)
                .problem(410, "etcdserver: mvcc: required revision has been compacted");
        assertThat(gone.path("grpc_status").asString()).isEqualTo("OUT_OF_RANGE");
    }

    @Test
    void transactionWhenItsComparisonsHoldDoesTheOneList() {
        client.put(keys + "/a", "1").is(200);
        String body = """
                {"compare":[{"key":"%1$s/a","target":"value","value":"1"},{"key":"%1$s/b","target":"exists","value":false}],
                "success":[{"put":{"key":"%1$s/b","value":"2"}},{"get":{"key":"%1$s/","prefix":true}},
                {"txn":{"success":[{"delete":{"key":"%1$s/a","previous":true}}]}}],
                "failure":[{"get":{"key":"%1$s/a"}}]}""".formatted(name);
        JsonNode done = client.json("POST", "/api/v1/txn", body).is(200).json();
        assertThat(done.path("succeeded").asBoolean()).isTrue();
        assertThat(done.path("results").path(1).path("get").path("count").asLong())
                .isEqualTo(2);
        JsonNode inner =
                done.path("results").path(2).path("txn").path("results").path(0).path("delete");
        assertThat(inner.path("previous").path(0).path("value").asString()).isEqualTo("1");
        assertThat(client.json("POST", "/api/v1/txn", body)
                        .json()
                        .path("succeeded")
                        .asBoolean())
                .isFalse();
        client.json("POST", "/api/v1/txn", "{\"success\":[{\"put\":{\"key\":\"x\"}}]}")
                .problem(400, "success[0].put.value: missing");
        client.json("POST", "/api/v1/txn", "{\"success\":[{}]}")
                .problem(400, "success[0]: exactly one of put, get, delete, txn");
        client.json("POST", "/api/v1/txn", "{\"compare\":[{\"key\":\"x\",\"target\":\"size\"}]}")
                .is(400);
        client.send("POST", "/api/v1/txn", body.getBytes(StandardCharsets.UTF_8), "Content-Type", "text/plain")
                .is(415);
    }

    @Test
    void requestWhenItIsTooLargeOrGoesNowhereIsAProblem() {
        byte[] huge = new byte[5 * 1024 * 1024];
        client.send("PUT", keys + "/big", huge).is(413);
        client.send("PUT", keys + "/big", new byte[1_700_000]).problem(413, "etcdserver: request is too large");
        client.send("PUT", keys + "/big", new byte[1_500_000]).is(200);
        assertThat(client.get(keys + "/big", "Accept", "application/octet-stream")
                        .body())
                .hasSize(1_500_000);
        client.get(keys + "/" + "k".repeat(15_000)).problem(404, "no such key");
        client.get(keys + "/a", "X-Long", "x".repeat(30_000)).problem(431, "the header is too long");
        client.get("/api/v1/nothing").problem(404, "no such path");
        client.get("/api/").problem(404, "no such path");
        client.send("PATCH", keys + "/a", new byte[0]).is(405);
        client.get("/api/v1/status", "grpc-timeout", "soon").is(400);
    }

    @Test
    void deletionWhenAConditionOrLimitIsNotForItDeletesNothing() {
        long revision = revision(client.put(keys + "/a", "x"));
        client.send("DELETE", keys + "/a", new byte[0], "If-None-Match", "*").is(412);
        client.send("DELETE", keys + "/a", new byte[0], "If-None-Match", "\"" + revision + "\"")
                .is(412);
        client.send("DELETE", keys + "/?prefix", new byte[0], "If-None-Match", "*")
                .problem(400, "If-None-Match: with prefix, If-Match and the ETag of a dry run");
        client.delete(keys + "/?prefix&limit=1").problem(400, "limit: only with dry_run");
        client.get(keys + "/a").is(200);
        client.send("DELETE", keys + "/a", new byte[0], "If-None-Match", "\"1\"")
                .is(200);
    }

    @Test
    void numberWhenItIsTheValueIsKeptAsItIs() {
        for (String number : List.of("123456789012345678901234567890.000", "1.10", "12345678901234567890", "1E+400")) {
            client.json("PUT", keys + "/n", "{\"value\":" + number + "}").is(200);
            assertThat(client.get(keys + "/n", "Accept", "text/plain").text()).isEqualTo(number);
        }
    }

    @Test
    void fieldWhenGivenTwiceIsRefused() {
        client.json("PUT", keys + "/d", "{\"value\":\"a\",\"value\":\"b\"}").is(400);
        client.json("PUT", keys + "/d", "{\"value\":{\"a\":1,\"a\":2}}").is(400);
        client.json("POST", "/api/v1/txn", "{\"success\":[],\"success\":[]}").is(400);
        client.get(keys + "/d").is(404);
    }

    @Test
    void leaseWhenItIsEmptyOrZeroIsRefused() {
        client.put(keys + "/l?lease=", "x").problem(400, "lease: hexadecimal digits");
        client.put(keys + "/l?lease=0", "x").problem(400, "lease: 0 is no id");
        client.get(keys + "/l").is(404);
    }

    @Test
    void queryWhenItCannotBeReadIsAProblem() throws IOException {
        for (String query : List.of("x=%zz", "%", "prefix&=1", "x={a}", "limit=1|2", "prefix[]=1")) {
            String answer = raw("GET " + keys + "/a?" + query + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(answer)
                    .as(query)
                    .startsWith("HTTP/1.1 400 ")
                    .containsIgnoringCase("content-type: application/problem+json");
        }
    }
}
