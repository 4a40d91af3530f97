package io.quorate.integration.auth;

import static io.quorate.integration.auth.SecuredMember.ALICE;
import static io.quorate.integration.auth.SecuredMember.ROOT;
import static io.quorate.integration.auth.SecuredMember.auth;
import static io.quorate.integration.auth.SecuredMember.kv;
import static io.quorate.integration.auth.SecuredMember.password;
import static io.quorate.integration.auth.SecuredMember.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.quorate.fixture.Http1Transport;
import io.quorate.fixture.MemberProcess;
import io.quorate.fixture.StreamRecorder;
import io.quorate.fixture.SystemCommand;
import io.quorate.fixture.TestMember;
import io.quorate.proto.AuthDisableRequest;
import io.quorate.proto.AuthEnableRequest;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.AuthUserChangePasswordRequest;
import io.quorate.proto.AuthUserDeleteRequest;
import io.quorate.proto.AuthenticateRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchGrpc;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

/** The audit trail of a real member: what leaves a line, what is in it, and what happens where no line can be written. */
class AuditIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String VALUE = "hush-value";

    private static Path file(TestMember member) {
        return member.directory().resolve("audit.json");
    }

    private static SecuredMember start(String calls) {
        TestMember member = new MemberProcess(Map.of("audit.calls", calls));
        return SecuredMember.start(
                member.configure(Map.of("audit.file", file(member).toString())));
    }

    private static String text(SecuredMember secured) {
        try {
            return Files.readString(file(secured.member()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Map<String, Object>> lines(SecuredMember secured, Predicate<Map<String, Object>> wanted) {
        return text(secured)
                .lines()
                .map(line -> JsonParserFactory.getJsonParser().parseMap(line))
                .filter(wanted)
                .toList();
    }

    private static Predicate<Map<String, Object>> is(String call, String code) {
        return line -> call.equals(line.get("call")) && code.equals(line.get("code"));
    }

    /** The lines of a call, as soon as there are so many. */
    private static List<Map<String, Object>> awaitLines(SecuredMember secured, int count, String call, String code) {
        await(call + " " + code)
                .atMost(PATIENCE)
                .until(() -> lines(secured, is(call, code)).size() >= count);
        return lines(secured, is(call, code));
    }

    private static String base64(String text) {
        return java.util.Base64.getEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static void putOverEveryTransport(SecuredMember secured) {
        Channel root = secured.as(ROOT);
        kv(root).put(put("beside", VALUE));
        kv(root).withCompression("gzip").put(put("zipped", VALUE));
        try (Http1Transport json = secured.jsonAs(ROOT)) {
            String body = "{\"key\":\"" + base64("json") + "\",\"value\":\"" + base64(VALUE) + "\"}";
            assertThat(json.send("POST", "/v3/kv/put", body).status()).isEqualTo(200);
        }
    }

    @Test
    void writesWhenMadeOverAnyTransportLeaveALineWithTheirUser() {
        try (SecuredMember secured = start("writes")) {
            putOverEveryTransport(secured);
            List<Map<String, Object>> puts = awaitLines(secured, 3, "etcdserverpb.KV/Put", "OK");
            assertThat(puts)
                    .allSatisfy(line -> assertThat(line)
                            .containsEntry("user", "root")
                            .containsEntry("origin", "token")
                            .containsKeys("time", "member", "revision")
                            .hasEntrySatisfying(
                                    "client",
                                    client -> assertThat((String) client).startsWith("127.0.0.1:")));
            Set<Object> keys = puts.stream().map(line -> line.get("keys")).collect(Collectors.toSet());
            assertThat(keys)
                    .containsExactlyInAnyOrder(
                            List.of(Map.of("key", "beside")),
                            List.of(Map.of("key", "zipped")),
                            List.of(Map.of("key", "json")));
            assertThat(lines(secured, line -> true)).hasSameSizeAs(puts);
        }
    }

    /** The call ends all identities, its own among them. */
    @Test
    void disableWhenMadeNamesWhoMadeIt() {
        try (SecuredMember secured = start("auth")) {
            var disabled = auth(secured.as(ROOT)).authDisable(AuthDisableRequest.getDefaultInstance());
            assertThat(awaitLines(secured, 1, "etcdserverpb.Auth/AuthDisable", "OK"))
                    .singleElement()
                    .satisfies(line -> assertThat(line).containsEntry("user", "root"));
            var enabled = auth(secured.nobody()).authEnable(AuthEnableRequest.getDefaultInstance());
            assertThat(awaitLines(secured, 2, "etcdserverpb.Auth/AuthEnable", "OK"))
                    .allSatisfy(line -> assertThat(line).doesNotContainKey("user"));
            assertThat(disabled.getHeader().getRaftTerm())
                    .isEqualTo(enabled.getHeader().getRaftTerm());
        }
    }

    @Test
    void refusalsWhenMadeLeaveALineAndNothingElseDoes() {
        try (SecuredMember secured = start("refusals")) {
            putOverEveryTransport(secured);
            assertThatThrownBy(() -> kv(secured.as(ALICE)).put(put("b", VALUE))).hasMessageContaining("denied");
            assertThatThrownBy(() -> kv(secured.nobody()).range(range("a"))).hasMessageContaining("user name");
            assertThatThrownBy(() -> kv(secured.withToken("abcdefghijklmnop.1")).range(range("a")))
                    .hasMessageContaining("invalid auth token");
            assertThatThrownBy(() -> auth(secured.nobody())
                            .authenticate(AuthenticateRequest.newBuilder()
                                    .setName(ALICE)
                                    .setPassword("hush-wrong")
                                    .build()))
                    .hasMessageContaining("authentication failed");
            assertThatThrownBy(() -> auth(secured.as(ALICE))
                            .userDelete(AuthUserDeleteRequest.newBuilder()
                                    .setName(ROOT)
                                    .build()))
                    .hasMessageContaining("denied");
            assertThat(awaitLines(secured, 1, "etcdserverpb.KV/Put", "PERMISSION_DENIED"))
                    .singleElement()
                    .satisfies(line -> assertThat(line).containsEntry("user", "alice"));
            assertThat(awaitLines(secured, 1, "etcdserverpb.KV/Range", "INVALID_ARGUMENT"))
                    .singleElement()
                    .satisfies(line -> assertThat(line).doesNotContainKey("user"));
            awaitLines(secured, 1, "etcdserverpb.KV/Range", "UNAUTHENTICATED");
            assertThat(awaitLines(secured, 1, "etcdserverpb.Auth/Authenticate", "INVALID_ARGUMENT"))
                    .singleElement()
                    .satisfies(line -> assertThat(line).containsEntry("subject", "name alice"));
            awaitLines(secured, 1, "etcdserverpb.Auth/UserDelete", "PERMISSION_DENIED");
            assertThat(lines(secured, line -> "OK".equals(line.get("code")))).isEmpty();
        }
    }

    /** Its stream goes on, so the refusal is no end of a call. */
    @Test
    void watcherWhenRefusedLeavesALineWhileItsStreamGoesOn() {
        try (SecuredMember secured = start("refusals")) {
            StreamRecorder<WatchResponse> answers = new StreamRecorder<>();
            var requests = WatchGrpc.newStub(secured.as(ALICE)).watch(answers);
            requests.onNext(watch("b"));
            assertThat(answers.next().getCanceled()).isTrue();
            assertThat(awaitLines(secured, 1, "etcdserverpb.Watch/Watch", "PERMISSION_DENIED"))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .containsEntry("user", "alice")
                            .containsEntry("keys", List.of(Map.of("key", "b"))));
            requests.onNext(watch("a"));
            assertThat(answers.next().getCanceled()).isFalse();
            requests.onCompleted();
        }
    }

    private static WatchRequest watch(String key) {
        return WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)))
                .build();
    }

    private static RangeRequest range(String key) {
        return RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
    }

    @Test
    void linesOfAllCallsHaveNoValueNoPasswordAndNoToken() {
        try (SecuredMember secured = start("all")) {
            putOverEveryTransport(secured);
            Channel root = secured.as(ROOT);
            auth(root)
                    .userAdd(AuthUserAddRequest.newBuilder()
                            .setName("bob")
                            .setPassword("hush-bob")
                            .build());
            auth(root)
                    .userChangePassword(AuthUserChangePasswordRequest.newBuilder()
                            .setName("bob")
                            .setPassword("hush-anew")
                            .build());
            kv(root).txn(TxnRequest.newBuilder()
                    .addSuccess(RequestOp.newBuilder().setRequestPut(put("t", VALUE)))
                    .addFailure(RequestOp.newBuilder().setRequestPut(put("f", VALUE)))
                    .build());
            kv(root).range(range("t"));
            try (Http1Transport json = new Http1Transport(secured.member().clientUrl())) {
                String body = "{\"name\":\"alice\",\"password\":\"" + password(ALICE) + "\"}";
                assertThat(json.send("POST", "/v3/auth/authenticate", body).body())
                        .contains("token");
            }
            awaitLines(secured, 1, "etcdserverpb.KV/Txn", "OK");
            awaitLines(secured, 2, "etcdserverpb.Auth/Authenticate", "OK");
            awaitLines(secured, 1, "etcdserverpb.Auth/UserChangePassword", "OK");
            assertThat(text(secured))
                    .doesNotContain("hush-", base64(VALUE), secured.token(ROOT))
                    .contains("\"t\"", "\"f\"", "name bob");
            assertThat(secured.member().output()).doesNotContain("hush-", base64(VALUE), secured.token(ROOT));
        }
    }

    private static long dropped(TestMember member) {
        try (Http1Transport pages = new Http1Transport(member.managementUrl())) {
            return pages.send("GET", "/metrics", "")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("quorate_audit_dropped_total "))
                    .mapToLong(line -> (long) Double.parseDouble(line.split(" ")[1]))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void putsWhenTheDiskOfTheTrailIsFullGoOnAndLostLinesAreCounted() {
        TestMember member = new MemberProcess(Map.of("audit.calls", "writes", "audit.file", "/dev/full"));
        try (SecuredMember secured = SecuredMember.start(member)) {
            for (int i = 0; i < 100; i++) {
                kv(secured.as(ROOT)).put(put("k" + i, VALUE));
            }
            await().atMost(PATIENCE).until(() -> dropped(member) >= 100);
            assertThat(member.output()).contains("lines of the audit trail were lost", "No space left on device");
        }
    }

    /** A pipe that nobody reads takes 64 KiB, and then nothing for ever. */
    @Test
    void putsWhenTheSinkBlocksGoOnAndTheMemberStillEnds() throws IOException {
        TestMember member = new MemberProcess(Map.of("audit.calls", "writes", "audit.queue", "16"));
        Path pipe = member.directory().resolve("pipe");
        SystemCommand.run("mkfifo", pipe.toString());
        try (RandomAccessFile reader = new RandomAccessFile(pipe.toFile(), "rw");
                SecuredMember secured = SecuredMember.start(member.configure(Map.of("audit.file", pipe.toString())))) {
            assertThat(reader.getFD().valid()).isTrue();
            for (int i = 0; i < 1000; i++) {
                kv(secured.as(ROOT)).put(put("k" + i, VALUE));
            }
            await().atMost(PATIENCE).until(() -> dropped(member) > 0);
            assertThat(member.output()).contains("lines of the audit trail were lost because too many waited");
            assertThat(member.terminate(PATIENCE).exitCode()).isEqualTo(143);
        }
    }
}
