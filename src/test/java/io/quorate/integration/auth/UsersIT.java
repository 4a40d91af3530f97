package io.quorate.integration.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.StreamRecorder;
import io.quorate.fixture.TestMember;
import io.quorate.proto.AuthDisableRequest;
import io.quorate.proto.AuthEnableRequest;
import io.quorate.proto.AuthRoleRevokePermissionRequest;
import io.quorate.proto.AuthUserChangePasswordRequest;
import io.quorate.proto.AuthUserDeleteRequest;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchGrpc;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.bcrypt.BCrypt;

/** How long a login and a watch last. What a single member shows here, etcd shows as well. */
class UsersIT {

    private static final String INVALID = "etcdserver: invalid auth token";

    private static TestMember member;
    private static GrpcConnection grpc;
    private Logins logins;

    @BeforeAll
    static void start() {
        member = TestMember.create(Map.of()).start();
        grpc = GrpcConnection.to(member);
    }

    @AfterAll
    static void stop() {
        grpc.close();
        member.close();
    }

    @BeforeEach
    void populate() {
        logins = new Logins(grpc);
        logins.populate();
    }

    static void assertInvalid(ThrowingCallable call) {
        assertThatThrownBy(call).hasMessageContaining(Status.Code.UNAUTHENTICATED + ": " + INVALID);
    }

    @Test
    void tokenWhenThePasswordChangesIsGone() {
        String token = logins.token("al", "1");
        logins.put(token, "k", "1");
        var unused = logins.asRoot()
                .userChangePassword(AuthUserChangePasswordRequest.newBuilder()
                        .setName("al")
                        .setPassword("2")
                        .build());

        assertInvalid(() -> logins.put(token, "k", "2"));
        assertThatThrownBy(() -> logins.token("al", "1")).hasMessageContaining("authentication failed");
        logins.put(logins.token("al", "2"), "k", "3");
    }

    /** As in etcd: an empty password is not hashed, and the hash that a client sends along counts. */
    @Test
    void passwordWhenChangedToNoneIsTheHashOfTheRequest() {
        AuthUserChangePasswordRequest none =
                AuthUserChangePasswordRequest.newBuilder().setName("al").build();
        var unusedEmptied = logins.asRoot().userChangePassword(none);
        assertThatThrownBy(() -> logins.token("al", "")).hasMessageContaining("authentication failed");
        assertThatThrownBy(() -> logins.token("al", "1")).hasMessageContaining("authentication failed");
        assertThatThrownBy(() -> logins.asRoot()
                        .userChangePassword(
                                none.toBuilder().setHashedPassword("no base64").build()))
                .hasMessageContaining("password was given for no password user");

        String hash = BCrypt.hashpw("sent", BCrypt.gensalt(4));
        var unusedHashed = logins.asRoot()
                .userChangePassword(none.toBuilder()
                        .setHashedPassword(Base64.getEncoder().encodeToString(hash.getBytes(StandardCharsets.US_ASCII)))
                        .build());
        logins.put(logins.token("al", "sent"), "k", "1");
    }

    @Test
    void tokenWhenItsUserIsDeletedIsGone() {
        String token = logins.token("al", "1");
        var unused = logins.asRoot()
                .userDelete(AuthUserDeleteRequest.newBuilder().setName("al").build());

        assertInvalid(() -> logins.put(token, "k", "2"));
    }

    @Test
    void tokensWhenAuthenticationWasOffAreGone() {
        String token = logins.token("al", "1");
        var unused = logins.asRoot().authDisable(AuthDisableRequest.getDefaultInstance());
        logins.put(token, "anywhere", "1"); // nobody looks at it
        var unusedOn = logins.auth().authEnable(AuthEnableRequest.getDefaultInstance());

        assertInvalid(() -> logins.put(token, "k", "2"));
    }

    @Test
    void watchWhenItsUserLosesTheRightGoesOn() {
        StreamRecorder<WatchResponse> seen = new StreamRecorder<>();
        StreamObserver<WatchRequest> requests = WatchGrpc.newStub(grpc.channel())
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(Logins.metadata(logins.token("al", "1"))))
                .watch(seen);
        WatchRequest create = WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")))
                .build();
        requests.onNext(create);
        assertThat(seen.next().getCanceled()).isFalse();
        var unusedRevoked = logins.asRoot()
                .roleRevokePermission(AuthRoleRevokePermissionRequest.newBuilder()
                        .setRole("r")
                        .setKey(ByteString.copyFromUtf8("k"))
                        .build());
        logins.put(logins.root(), "k", "after the right");
        assertThat(seen.next().getEvents(0).getKv().getValue().toStringUtf8()).isEqualTo("after the right");

        var unusedDeleted = logins.asRoot()
                .userDelete(AuthUserDeleteRequest.newBuilder().setName("al").build());
        logins.put(logins.root(), "k", "after the user");
        assertThat(seen.next().getEvents(0).getKv().getValue().toStringUtf8()).isEqualTo("after the user");
        requests.onNext(create); // another one is refused
        WatchResponse refused = seen.next();
        assertThat(refused.getCanceled()).isTrue();
        assertThat(refused.getCancelReason()).contains(INVALID);
        requests.onCompleted();
    }
}
