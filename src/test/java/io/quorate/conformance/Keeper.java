package io.quorate.conformance;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.quorate.fixture.GrpcConnection;
import io.quorate.proto.AuthDisableRequest;
import io.quorate.proto.AuthGrpc;
import io.quorate.proto.AuthRoleDeleteRequest;
import io.quorate.proto.AuthRoleListRequest;
import io.quorate.proto.AuthStatusRequest;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.AuthUserDeleteRequest;
import io.quorate.proto.AuthUserGrantRoleRequest;
import io.quorate.proto.AuthUserListRequest;
import io.quorate.proto.AuthenticateRequest;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.MaintenanceGrpc;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Does in the name of a user who may do everything what is no step of a program: what watchers wait for, and what is left when a
 * program ends. No program changes this user, except that it can lose its role while authentication is off.
 */
final class Keeper {

    /** The user's name. */
    static final String NAME = "keeper";

    /** The user's password. */
    static final String PASSWORD = "of keys";

    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    /** No answer takes longer. */
    private static final long SECONDS = 30;

    private final GrpcConnection grpc;
    private @Nullable String token;

    Keeper(GrpcConnection grpc) {
        this.grpc = grpc;
    }

    /** A connection on which calls are made with a token, or with none. */
    static Channel channel(GrpcConnection grpc, @Nullable String token) {
        if (token == null) {
            return grpc.channel();
        }
        Metadata metadata = new Metadata();
        metadata.put(TOKEN, token);
        return ClientInterceptors.intercept(grpc.channel(), MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    /** Makes calls of the KV service, whoever else may make none. */
    <T> T call(Function<KVGrpc.KVBlockingStub, T> calls) {
        return withToken(
                channel -> calls.apply(KVGrpc.newBlockingStub(channel).withDeadlineAfter(SECONDS, TimeUnit.SECONDS)));
    }

    /** Makes calls of the Maintenance service, whoever else may make none. */
    <T> T maintenance(Function<MaintenanceGrpc.MaintenanceBlockingStub, T> calls) {
        return withToken(channel ->
                calls.apply(MaintenanceGrpc.newBlockingStub(channel).withDeadlineAfter(SECONDS, TimeUnit.SECONDS)));
    }

    /** Logs in when the calls are refused, which does nothing of them, and makes them again. */
    <T> T withToken(Function<Channel, T> calls) {
        try {
            return calls.apply(channel(grpc, token));
        } catch (StatusRuntimeException refused) {
            try {
                token = auth(grpc.channel())
                        .authenticate(AuthenticateRequest.newBuilder()
                                .setName(NAME)
                                .setPassword(PASSWORD)
                                .build())
                        .getToken();
            } catch (StatusRuntimeException notOn) {
                refused.addSuppressed(notOn);
                throw refused; // for another reason
            }
            return calls.apply(channel(grpc, token));
        }
    }

    private static AuthGrpc.AuthBlockingStub auth(Channel channel) {
        return AuthGrpc.newBlockingStub(channel).withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
    }

    /** Takes care that it can still do everything once authentication is on; while it is on nothing changes. */
    void prepare() {
        try {
            grantRoot();
        } catch (StatusRuntimeException isOn) {
            token = null; // and so nobody could have taken the role
        }
    }

    private void grantRoot() {
        var unused = auth(grpc.channel())
                .userGrantRole(AuthUserGrantRoleRequest.newBuilder()
                        .setUser(NAME)
                        .setRole("root")
                        .build());
    }

    /** Leaves no user but itself, no role, and authentication off; returns the auth revision. */
    long reset() {
        if (auth(grpc.channel())
                .authStatus(AuthStatusRequest.getDefaultInstance())
                .getEnabled()) {
            var unused = this.<Object>withToken(
                    channel -> auth(channel).authDisable(AuthDisableRequest.getDefaultInstance()));
        }
        token = null;
        AuthGrpc.AuthBlockingStub auth = auth(grpc.channel());
        for (String user :
                auth.userList(AuthUserListRequest.getDefaultInstance()).getUsersList()) {
            var unused = auth.userDelete(
                    AuthUserDeleteRequest.newBuilder().setName(user).build());
        }
        for (String role :
                auth.roleList(AuthRoleListRequest.getDefaultInstance()).getRolesList()) {
            var unused = auth.roleDelete(
                    AuthRoleDeleteRequest.newBuilder().setRole(role).build());
        }
        var unused = auth.userAdd(AuthUserAddRequest.newBuilder()
                .setName(NAME)
                .setPassword(PASSWORD)
                .build());
        grantRoot();
        return auth.authStatus(AuthStatusRequest.getDefaultInstance()).getAuthRevision();
    }
}
