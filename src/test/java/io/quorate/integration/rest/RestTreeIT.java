package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.HttpReply;
import io.quorate.fixture.MemberExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Keys as a tree, over the REST API. */
class RestTreeIT {

    @RegisterExtension
    static final MemberExtension MEMBER = new MemberExtension();

    private static RestClient client;

    @BeforeAll
    static void connect() {
        client = new RestClient(MEMBER.member().clientUrl());
    }

    @AfterAll
    static void disconnect() {
        client.close();
    }

    private static void put(String key) {
        client.put("/api/v1/keys/" + key, "x").is(200);
    }

    /** What a level shows, branches with a star. */
    private static List<String> shown(JsonNode level) {
        List<String> nodes = new ArrayList<>();
        level.path("nodes")
                .forEach(node -> nodes.add(
                        node.path("key").asString() + (node.path("branch").asBoolean() ? "*" : "")));
        return nodes;
    }

    private static JsonNode level(String path) {
        return client.get("/api/v1/tree/" + path).is(200).json();
    }

    private static JsonNode next(String path, JsonNode page) {
        return level(path + (path.contains("?") ? "&" : "?") + "continue="
                + page.path("continue").asString());
    }

    @Test
    void levelWhenReadHasKeysAndBranchesInOrder() {
        for (String key : List.of("t1/b", "t1/b/1", "t1/b/2", "t1/c", "t1//x", "t1/d/e/f", "t1", "t10")) {
            put(key);
        }
        JsonNode level = level("t1/");
        assertThat(shown(level)).containsExactly("t1//*", "t1/b", "t1/b/*", "t1/c", "t1/d/*");
        assertThat(level.has("from")).isFalse();
        assertThat(level.path("nodes").path(1).path("version").asInt()).isOne();
        assertThat(level.path("nodes").path(2).has("version")).isFalse();
        assertThat(shown(level("t1"))).containsExactly("t1", "t1/*", "t10");
        assertThat(shown(level("t1?separator=/d/"))).contains("t1/d/*", "t1/b/2");
        assertThat(shown(level("t1/none/"))).isEmpty();
    }

    @Test
    void pagesWhenFollowedShowEachNodeOnce() {
        List<String> expected = new ArrayList<>();
        for (int i = 10; i < 35; i++) {
            put("t2/" + i);
            put("t2/" + i + "/a");
            put("t2/" + i + "/b");
            expected.add("t2/" + i);
            expected.add("t2/" + i + "/*");
        }
        for (int limit : new int[] {1, 3, 50, 51}) {
            List<String> seen = new ArrayList<>();
            JsonNode page = level("t2/?limit=" + limit);
            while (page.has("continue")) {
                assertThat(page.path("nodes").size()).isEqualTo(limit);
                seen.addAll(shown(page));
                page = next("t2/?limit=" + limit, page);
            }
            seen.addAll(shown(page));
            assertThat(seen).as("pages of %s", limit).isEqualTo(expected);
        }
    }

    /** A branch is passed over, however much lies in it. */
    @Test
    void levelWhenItsBranchesAreLargeReadsFewKeys() {
        StringBuilder puts = new StringBuilder();
        for (int branch = 0; branch < 3; branch++) {
            for (int i = 0; i < 30; i++) {
                puts.append(puts.isEmpty() ? "" : ",")
                        .append("{\"put\":{\"key\":\"t3/%d/%02d\",\"value\":\"\"}}".formatted(branch, i));
            }
        }
        client.json("POST", "/api/v1/txn", "{\"success\":[" + puts + "]}").is(200);

        double before = ranges();
        assertThat(shown(level("t3/?limit=2"))).containsExactly("t3/0/*", "t3/1/*");
        assertThat(ranges() - before).isBetween(3.0, 4.0);
    }

    /** Names count, too: the memory of one read is given back before the next. */
    @Test
    void pageWhenNamesAreLargeIsShorterAndLeadsOn() {
        List<String> expected = new ArrayList<>();
        for (int i = 10; i < 34; i++) {
            String branch = "t5/" + i + "x".repeat(100_000);
            client.json(
                            "POST",
                            "/api/v1/txn",
                            "{\"success\":[{\"put\":{\"key\":\"%s/0\",\"value\":\"\"}},{\"put\":{\"key\":\"%s/1\",\"value\":\"\"}}]}"
                                    .formatted(branch, branch))
                    .is(200);
            expected.add(branch + "/*");
        }
        JsonNode first = level("t5/?limit=1000");
        List<String> seen = new ArrayList<>(shown(first));
        assertThat(seen).hasSizeBetween(2, 20).isEqualTo(expected.subList(0, seen.size()));
        JsonNode page = first;
        while (page.has("continue")) {
            assertThat(page.path("continue").asString()).hasSizeLessThanOrEqualTo(1408);
            page = next("t5/?limit=1000", page);
            seen.addAll(shown(page));
        }
        assertThat(seen).isEqualTo(expected);
    }

    /** As long as the path of a request can be; and what continues is not in it a second time. */
    @Test
    void pagesWhenThePrefixIsTheLongestAreFollowed() {
        String prefix = "t6" + "x".repeat(16_000) + "/";
        List<String> expected = new ArrayList<>();
        for (int i = 10; i < 15; i++) {
            put(prefix + i);
            expected.add(prefix + i);
        }
        List<String> seen = new ArrayList<>();
        JsonNode page = level(prefix + "?limit=2");
        seen.addAll(shown(page));
        while (page.has("continue")) {
            page = next(prefix + "?limit=2", page);
            seen.addAll(shown(page));
        }
        assertThat(seen).isEqualTo(expected);

        JsonNode keys = client.get("/api/v1/keys/" + prefix + "?prefix&limit=3&keys_only")
                .is(200)
                .json();
        JsonNode rest = client.get("/api/v1/keys/" + prefix + "?prefix&limit=3&keys_only&continue="
                        + keys.path("continue").asString())
                .is(200)
                .json();
        assertThat(rest.path("keys").size()).isEqualTo(2);
        assertThat(rest.path("keys").path(0).path("key").asString()).isEqualTo(expected.get(3));
    }

    /** Only their beginning is in the token, so they are looked for by what they are. */
    @Test
    void pagesWhenLongNamesBeginAlikeShowEachOnce() {
        List<String> expected = new ArrayList<>();
        for (int i = 10; i < 40; i++) {
            String name = "t7/" + "y".repeat(1_500) + i + (i % 2 == 0 ? "/a" : "");
            put(name);
            expected.add(i % 2 == 0 ? name.substring(0, name.length() - 1) + "*" : name);
        }
        List<String> seen = new ArrayList<>();
        List<String> marks = new ArrayList<>();
        JsonNode page = level("t7/?limit=7");
        seen.addAll(shown(page));
        while (page.has("continue")) {
            marks.add(page.path("continue").asString());
            page = next("t7/?limit=7", page);
            seen.addAll(shown(page));
        }
        assertThat(seen).isEqualTo(expected);

        List<String> keys = new ArrayList<>();
        JsonNode found =
                client.get("/api/v1/keys/t7/?prefix&limit=7&keys_only").is(200).json();
        found.path("keys").forEach(key -> keys.add(key.path("key").asString()));
        while (found.has("continue")) {
            found = client.get("/api/v1/keys/t7/?prefix&limit=7&keys_only&continue="
                            + found.path("continue").asString())
                    .is(200)
                    .json();
            found.path("keys").forEach(key -> keys.add(key.path("key").asString()));
        }
        assertThat(keys).hasSize(30).doesNotHaveDuplicates();

        client.delete("/api/v1/keys/" + expected.get(6).replace("*", "a")).is(200);
        assertThat(shown(level("t7/?limit=7&continue=" + marks.getFirst())))
                .as("what it leads to is gone: those that begin alike come again, none is left out")
                .isEqualTo(expected.stream()
                        .filter(name -> !name.equals(expected.get(6)))
                        .limit(7)
                        .toList());
    }

    private static double ranges() {
        String page = client.get("/metrics").is(200).text();
        return page.lines()
                .filter(line -> line.startsWith("etcd_mvcc_range_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }

    @Test
    void levelWhenItIsNotTextIsInBase64() {
        client.send("PUT", "/api/v1/keys/t4/%FF/1", new byte[] {1}).is(200);
        client.send("PUT", "/api/v1/keys/t4/%FF/2", new byte[] {1}).is(200);
        put("t4/a");
        JsonNode level = level("dDQv?encoding=base64&limit=1");
        assertThat(shown(next("dDQv?encoding=base64", level))).containsExactly("dDQv/y8=*");
        JsonNode rest = level("dDQv?encoding=base64&from=dDQvYQA");
        assertThat(rest.path("nodes"))
                .isEqualTo(HttpReply.parse("[{\"key\":\"dDQv/y8=\",\"key_encoding\":\"base64\",\"branch\":true}]"));
    }

    @Test
    void requestWhenItMakesNoSenseIsRefused() {
        put("t8/b");
        put("t8/c");
        client.get("/api/v1/tree/a?from=b").problem(400, "from: must begin with the prefix");
        client.get("/api/v1/tree/a?from=").problem(400, "from: must begin with the prefix");
        String other =
                client.get("/api/v1/tree/t8/?limit=1").json().path("continue").asString();
        client.get("/api/v1/tree/a?continue=AAAA").problem(400, "continue: not from an answer of this API");
        client.get("/api/v1/tree/a?continue=%25").problem(400, "continue: not from an answer of this API");
        client.get("/api/v1/tree/a?continue=" + other).problem(400, "continue: from the answer for another prefix");
        client.get("/api/v1/keys/t8/?prefix&continue=" + other)
                .problem(400, "continue: not from an answer of this API");
        client.get("/api/v1/tree/t8/?from=t8/a&continue=" + other).problem(400, "from: only without continue");
        client.get("/api/v1/tree/a?separator=").problem(400, "separator: 1 to 16 characters");
        client.get("/api/v1/tree/a?limit=0").problem(400, "limit: between 1 and 1000");
        client.get("/api/v1/tree/a?limit=1001").problem(400, "limit: between 1 and 1000");
        client.get("/api/v1/tree/a?revision=1").problem(400, "revision: no such parameter");
        client.get("/api/v1/tree/a?encoding=base64&from=%25").is(400);
    }
}
