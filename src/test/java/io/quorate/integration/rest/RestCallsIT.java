package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.MemberExtension;
import io.quorate.fixture.MemberProcess;
import io.quorate.fixture.TestMember;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Slow calls, streams and settings over the REST API. */
class RestCallsIT {

    @RegisterExtension
    static final MemberExtension MEMBER = new MemberExtension(Map.of("warning-unary-request-duration", "1ns"));

    private static RestClient client;

    @BeforeAll
    static void connect() {
        client = new RestClient(MEMBER.member().clientUrl());
    }

    @AfterAll
    static void disconnect() {
        client.close();
    }

    @Test
    void callWhenSlowIsListedWithWhatItDid() {
        client.put("/api/v1/keys/slow/a", "hidden").is(200);
        JsonNode slow = client.get("/api/v1/calls/slow").is(200).json();
        JsonNode put = slow.path("calls")
                .valueStream()
                .filter(call -> call.path("subject").asString().contains("slow/a"))
                .findFirst()
                .orElseThrow();
        assertThat(put.path("method").asString()).startsWith("etcdserverpb.KV/");
        assertThat(put.path("client").asString()).startsWith("127.0.0.1:");
        assertThat(put.path("code").asString()).isEqualTo("OK");
        assertThat(put.path("ended").asString()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
        assertThat(put.path("duration_micros").asLong()).isPositive();
        assertThat(put.path("phases")
                        .valueStream()
                        .map(phase -> phase.path("name").asString()))
                .contains("proposed", "committed", "applied")
                .endsWith("answered");
        assertThat(put.toString()).doesNotContain("hidden");
        assertThat(slow.path("total").asLong()).isPositive();
        assertThat(slow.path("calls").size()).isLessThanOrEqualTo(100);
    }

    private static List<JsonNode> watches() {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode stream :
                client.get("/api/v1/calls/streams").is(200).json().path("streams")) {
            if (stream.path("method").asString().equals("etcdserverpb.Watch/Watch")) {
                found.add(stream);
            }
        }
        return found;
    }

    @Test
    void streamWhenOpenIsListedUntilItEnds() {
        try (EventReader events = client.events("/api/v1/watch/seen/?prefix")) {
            assertThat(watches()).singleElement().satisfies(watch -> {
                assertThat(watch.path("client").asString()).startsWith("127.0.0.1:");
                assertThat(watch.has("user")).isFalse();
                assertThat(watch.path("since").asString()).endsWith("Z");
            });
            long before = watches().getFirst().path("sent_bytes").asLong();
            client.put("/api/v1/keys/seen/a", "x".repeat(500)).is(200);
            assertThat(events.change().data().path("key").asString()).isEqualTo("seen/a");
            assertThat(watches().getFirst().path("sent_bytes").asLong()).isGreaterThan(before + 500);
        }
        Awaitility.await().until(() -> watches().isEmpty());
    }

    /** Paths have the names of their variables, so that clients cannot make many of them. */
    @Test
    void requestsWhenObservedAreCountedByTheirPaths() {
        assertThat(client.get("/metrics").is(200).text()).as("off").doesNotContain("http_server_requests");
        try (TestMember member = MemberProcess.withOptions(
                                Map.of(), "-Dmanagement.observations.enable.http.server.requests=true")
                        .start();
                RestClient observed = new RestClient(member.clientUrl())) {
            observed.get("/api/v1/keys/seen/1").is(404);
            observed.get("/api/v1/keys/seen/2").is(404);
            observed.get("/api/v1/seen/3").is(404);
            observed.send("ODD", "/api/v1/keys/seen/4", new byte[0]).is(405);
            String counted = "http_server_requests_seconds_count\\{";
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(observed.get("/metrics").is(200).text())
                                    .containsPattern(counted
                                            + ".*method=\"GET\",.*status=\"404\",uri=\"/api/v1/keys/\\{key}\"} 2")
                                    .containsPattern(counted + ".*status=\"404\",uri=\"NOT_FOUND\"} 1")
                                    .containsPattern(counted + ".*method=\"UNKNOWN\",.*status=\"405\"")
                                    .doesNotContain("seen/"));
        }
    }

    @Test
    void settingWhenListedTellsWhereItIsFrom() {
        JsonNode settings = client.get("/api/v1/settings").is(200).json().path("settings");
        JsonNode duration = settings.valueStream()
                .filter(each -> each.path("name").asString().equals("quorate.warning-unary-request-duration"))
                .findFirst()
                .orElseThrow();
        assertThat(duration.path("value").asString()).isEqualTo("1ns");
        assertThat(duration.path("origin").asString()).contains("commandLineArgs");
        assertThat(duration.path("change").asString()).isEqualTo("run time");
        assertThat(settings.size()).isGreaterThan(100);
    }
}
