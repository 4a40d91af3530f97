package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.api.web.RestBounds;
import io.quorate.fixture.MemberExtension;
import io.quorate.integration.rest.RestClient.Reply;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Snapshots over the REST API. */
class RestSnapshotIT {

    /** More than all sockets and queues on the way hold. */
    private static final int VALUES = 48;

    private static final int VALUE_BYTES = 1 << 20;
    private static final int CHECKSUM_BYTES = 32;
    private static final int SNAPSHOTS_MAX = 8;

    @RegisterExtension
    static final MemberExtension MEMBER = new MemberExtension();

    private static RestClient client;

    @BeforeAll
    static void fill() {
        client = new RestClient(MEMBER.member().clientUrl());
        Random random = new Random(7);
        byte[] value = new byte[VALUE_BYTES];
        for (int i = 0; i < VALUES; i++) {
            random.nextBytes(value);
            client.send("PUT", "/api/v1/keys/large/" + i, value).is(200);
        }
    }

    @AfterAll
    static void disconnect() {
        client.close();
    }

    private static void assertWhole(Reply reply) throws Exception {
        byte[] file = reply.is(200).body();
        assertThat(reply.header("content-type")).isEqualTo("application/octet-stream");
        assertThat(reply.header("content-disposition")).startsWith("attachment");
        assertThat(reply.headers().firstValueAsLong("content-length")).hasValue(file.length);
        assertThat(file.length).isGreaterThan(VALUES * VALUE_BYTES);
        int data = file.length - CHECKSUM_BYTES;
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(file, 0, data);
        assertThat(digest.digest()).isEqualTo(Arrays.copyOfRange(file, data, file.length));
    }

    @Test
    void snapshotWhenAskedForIsAWholeFile() throws Exception {
        Reply file = client.get("/api/v1/snapshot");
        assertWhole(file);
        Reply head = client.send("HEAD", "/api/v1/snapshot", new byte[0]).is(200);
        assertThat(head.header("content-length")).isEqualTo(file.header("content-length"));
        client.get("/api/v1/snapshot", "Accept", "application/json").is(406);
    }

    @Test
    void linkWhenFollowedGivesTheFileOnce() throws Exception {
        JsonNode link = client.send("POST", "/api/v1/snapshot/links", new byte[0])
                .is(201)
                .json();
        assertThat(link.path("seconds").asInt()).isEqualTo(60);
        Reply file = client.get(link.path("path").asString());
        assertWhole(file);
        assertThat(link.path("bytes").asInt()).isEqualTo(file.body().length);
        client.get(link.path("path").asString()).problem(404, "the link was used, or is older than 60 seconds");
    }

    /** Reads the beginning of a snapshot and nothing more. */
    private static Socket begun() throws IOException {
        return begun("/api/v1/snapshot");
    }

    private static Socket begun(String path) throws IOException {
        URI at = URI.create(MEMBER.member().clientUrl());
        Socket socket = new Socket();
        socket.setReceiveBufferSize(64 * 1024);
        socket.connect(new java.net.InetSocketAddress(InetAddress.getByName(at.getHost()), at.getPort()));
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 200");
        return socket;
    }

    /** What went out of snapshots that are under way. */
    private static List<Long> sentBytes() {
        List<Long> sent = new ArrayList<>();
        for (JsonNode stream :
                client.get("/api/v1/calls/streams").is(200).json().path("streams")) {
            if (stream.path("method").asString().equals("etcdserverpb.Maintenance/Snapshot")) {
                sent.add(stream.path("sent_bytes").asLong());
            }
        }
        return sent;
    }

    @Test
    void snapshotWhenItsClientDoesNotReadIsNotReadAhead() throws Exception {
        try (Socket reader = begun()) {
            List<List<Long>> seen = new ArrayList<>();
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(300))
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> {
                        seen.add(sentBytes());
                        int last = seen.size() - 1;
                        return last >= 3
                                && seen.get(last).size() == 1
                                && seen.get(last).equals(seen.get(last - 3));
                    });
            assertThat(seen.getLast().getFirst()).isLessThan(VALUES / 2 * VALUE_BYTES);
            assertThat(reader.isClosed()).isFalse();
        }
        Awaitility.await().until(() -> sentBytes().isEmpty());
    }

    /** Both hold memory, and the snapshot what is overwritten meanwhile. */
    @Test
    @Tag("long")
    void streamsWhenTheirClientsTakeNothingForAMinuteEnd() throws Exception {
        try (Socket snapshot = begun();
                Socket events = begun("/api/v1/watch/large/?prefix&from=1")) {
            Instant begun = Instant.now();
            Awaitility.await().until(() -> streams() == 2);
            Awaitility.await().atMost(Duration.ofMinutes(5)).until(() -> streams() == 0);
            assertThat(Duration.between(begun, Instant.now())).isGreaterThanOrEqualTo(RestBounds.STALL);
            long had = snapshot.getInputStream().transferTo(OutputStream.nullOutputStream());
            assertThat(had).isLessThan(VALUES * VALUE_BYTES);
            assertThat(events.getInputStream().transferTo(OutputStream.nullOutputStream()))
                    .isPositive();
        }
    }

    private static int streams() {
        return client.get("/api/v1/calls/streams")
                .is(200)
                .json()
                .path("streams")
                .size();
    }

    @Test
    void snapshotsWhenTheirClientsLeaveAreGivenUp() throws Exception {
        for (int i = 0; i < SNAPSHOTS_MAX + 2; i++) {
            begun().close();
            Awaitility.await().until(() -> sentBytes().isEmpty());
        }
        assertWhole(client.get("/api/v1/snapshot"));
    }

    /** A client that has all of it is gone before the member knows that it has sent the last. */
    @Test
    void snapshotsWhenTheyHaveArrivedLeaveNoWordInTheLog() throws Exception {
        int before = MEMBER.member().output().length();
        for (int i = 0; i < 20; i++) {
            assertWhole(client.get("/api/v1/snapshot"));
        }
        begun().close();
        Awaitility.await().until(() -> sentBytes().isEmpty());
        assertThat(MEMBER.member().output().substring(before)).doesNotContain("Exception");
    }
}
