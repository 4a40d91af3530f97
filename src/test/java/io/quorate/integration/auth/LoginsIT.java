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
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.Http1Transport;
import io.quorate.fixture.HttpReply;
import io.quorate.fixture.TestMember;
import io.quorate.proto.AuthGrpc;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.AuthUserDeleteRequest;
import io.quorate.proto.AuthUserGetRequest;
import io.quorate.proto.AuthUserGrantRoleRequest;
import io.quorate.proto.AuthUserListRequest;
import io.quorate.proto.AuthenticateRequest;
import io.quorate.proto.AuthenticateResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Logins that are too many, and names and tokens that are too long. */
class LoginsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LOGINS = 1000;
    private static final int WAITING_MAX = 256;

    private static SecuredMember secured;

    @BeforeAll
    static void start() { // a comparison takes long, so that the logins are still there while others write
        TestMember member = TestMember.create(Map.of());
        secured = SecuredMember.start(
                member.configure(Map.of(member.isQuorate() ? "auth.bcrypt-cost" : "bcrypt-cost", "12")));
    }

    @AfterAll
    static void stop() {
        secured.close();
    }

    private static AuthenticateRequest login(String user, String password) {
        return AuthenticateRequest.newBuilder()
                .setName(user)
                .setPassword(password)
                .build();
    }

    private static long metric(String name) {
        try (Http1Transport pages = new Http1Transport(secured.member().managementUrl())) {
            return pages.send("GET", "/metrics", "")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToLong(line -> (long) Double.parseDouble(line.split(" ")[1]))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** What is bounded: how many wait, and so the memory; and puts are answered before those who wait are. */
    @Test
    void loginsWhenThereAreAThousandAtOnceLeaveThePutsOfOthersAlone() throws Exception {
        assumeTrue(secured.member().isQuorate(), "etcd has no bound");
        Channel alice = secured.as(ALICE);
        try (GrpcConnection attackers = GrpcConnection.to(secured.member())) {
            AuthGrpc.AuthFutureStub stub = AuthGrpc.newFutureStub(attackers.channel());
            List<ListenableFuture<AuthenticateResponse>> logins = new ArrayList<>();
            for (int i = 0; i < LOGINS; i++) {
                logins.add(stub.authenticate(login(i % 2 == 0 ? ROOT : "nobody" + i, "wrong")));
            }
            await().atMost(PATIENCE)
                    .until(() -> logins.stream().filter(Future::isDone).count() >= LOGINS / 2);
            long answered = logins.stream().filter(Future::isDone).count();
            for (int i = 0; i < 100; i++) {
                kv(alice).put(put("a" + i, "v"));
            }
            assertThat(logins).anyMatch(login -> !login.isDone());
            assertThat(metric("quorate_auth_password_waiting")).isBetween(1L, (long) WAITING_MAX);
            assertThat(metric("quorate_auth_password_refused_total")).isGreaterThanOrEqualTo(LOGINS / 4);
            for (ListenableFuture<AuthenticateResponse> login :
                    logins.stream().filter(Future::isDone).toList()) {
                assertRefused(login);
            }
            assertThat(answered).isGreaterThanOrEqualTo(LOGINS / 2);
        }
    }

    private static void assertRefused(Future<AuthenticateResponse> login) throws InterruptedException {
        try {
            throw new AssertionError("a wrong password gave " + login.get());
        } catch (ExecutionException e) {
            Status status = Status.fromThrowable(e);
            boolean busy = status.getCode() == Status.Code.RESOURCE_EXHAUSTED;
            assertThat(status.getCode()).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.INVALID_ARGUMENT);
            assertThat(status.getDescription())
                    .isEqualTo(
                            busy
                                    ? "etcdserver: too many requests"
                                    : "etcdserver: authentication failed, invalid user ID or password");
        }
    }

    @Test
    void nameWhenAMebibyteLongIsAUserLikeOthers() {
        assumeTrue(secured.member().isQuorate(), "etcd ends itself when it stores such a name");
        String name = "n".repeat(1 << 20);
        Channel root = secured.as(ROOT);
        assertThatThrownBy(() -> auth(secured.nobody()).authenticate(login(name, "x")))
                .hasMessageContaining("etcdserver: authentication failed, invalid user ID or password");
        assertThatThrownBy(() -> auth(root)
                        .userGet(AuthUserGetRequest.newBuilder().setName(name).build()))
                .hasMessageContaining("FAILED_PRECONDITION: etcdserver: user name not found");
        var added = auth(root)
                .userAdd(AuthUserAddRequest.newBuilder()
                        .setName(name)
                        .setPassword("x")
                        .build());
        assertThat(added.hasHeader()).isTrue();
        assertThat(auth(root).userList(AuthUserListRequest.getDefaultInstance()).getUsersList())
                .contains(name);
        assertThatThrownBy(() -> auth(root)
                        .userGrantRole(AuthUserGrantRoleRequest.newBuilder()
                                .setUser(name)
                                .setRole(name.substring(1))
                                .build()))
                .isInstanceOf(StatusRuntimeException.class);
        auth(root).userDelete(AuthUserDeleteRequest.newBuilder().setName(name).build());
        assertThat(auth(root).userList(AuthUserListRequest.getDefaultInstance()).getUsersList())
                .containsExactlyInAnyOrder(ROOT, ALICE);
    }

    @Test
    void nameWhenItAndItsCallAreLargerThanAWriteMayBeIsTooLarge() {
        String name = "n".repeat(1_800_000);
        assertThatThrownBy(() -> auth(secured.as(ROOT))
                        .userAdd(AuthUserAddRequest.newBuilder()
                                .setName(name)
                                .setPassword("x")
                                .build()))
                .hasMessageContaining("etcdserver: request is too large");
    }

    @Test
    void tokenWhenAHundredKibibytesLongIsNoToken() {
        String token = "t".repeat(100 << 10);
        assertThatThrownBy(() -> kv(secured.withToken(token)).put(put("a", "v")))
                .hasMessage("UNAUTHENTICATED: etcdserver: invalid auth token");
        assertThatThrownBy(() ->
                        kv(secured.withToken(token)).withCompression("gzip").put(put("a", "v")))
                .hasMessage("UNAUTHENTICATED: etcdserver: invalid auth token");
        try (Http1Transport json = new Http1Transport(secured.member().clientUrl(), Map.of("Authorization", token))) {
            HttpReply reply = json.send("POST", "/v3/kv/put", "{\"key\":\"YQ==\"}");
            assertThat(reply.status()).as(reply.body()).isEqualTo(401);
            assertThat(reply.body()).contains("etcdserver: invalid auth token");
        }
    }

    @Test
    void passwordWhenRightIsTakenAfterAWrongOne() {
        assertThatThrownBy(() -> auth(secured.nobody()).authenticate(login(ALICE, "wrong")))
                .hasMessageContaining("authentication failed");
        assertThat(auth(secured.nobody())
                        .authenticate(login(ALICE, password(ALICE)))
                        .getToken())
                .isNotEmpty();
    }
}
