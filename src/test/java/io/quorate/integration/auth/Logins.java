package io.quorate.integration.auth;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.quorate.fixture.GrpcConnection;
import io.quorate.proto.AuthDisableRequest;
import io.quorate.proto.AuthEnableRequest;
import io.quorate.proto.AuthGrpc;
import io.quorate.proto.AuthRoleAddRequest;
import io.quorate.proto.AuthRoleDeleteRequest;
import io.quorate.proto.AuthRoleGrantPermissionRequest;
import io.quorate.proto.AuthRoleListRequest;
import io.quorate.proto.AuthStatusRequest;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.AuthUserDeleteRequest;
import io.quorate.proto.AuthUserGrantRoleRequest;
import io.quorate.proto.AuthUserListRequest;
import io.quorate.proto.AuthenticateRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.authpb.Permission;
import java.util.concurrent.TimeUnit;

/** Makes users at one member: {@code root}, and {@code al}, who may read and write the key {@code k}. */
final class Logins {

    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
    private static final long CALL_SECONDS = 30;

    private final GrpcConnection grpc;

    Logins(GrpcConnection grpc) {
        this.grpc = grpc;
    }

    static Metadata metadata(String token) {
        Metadata metadata = new Metadata();
        metadata.put(TOKEN, token);
        return metadata;
    }

    /** Forgets all users and makes those, with authentication on. */
    void populate() {
        if (auth().authStatus(AuthStatusRequest.getDefaultInstance()).getEnabled()) {
            var unusedOff = asRoot().authDisable(AuthDisableRequest.getDefaultInstance());
        }
        for (String user :
                auth().userList(AuthUserListRequest.getDefaultInstance()).getUsersList()) {
            var unusedGone = auth().userDelete(
                            AuthUserDeleteRequest.newBuilder().setName(user).build());
        }
        for (String role :
                auth().roleList(AuthRoleListRequest.getDefaultInstance()).getRolesList()) {
            var unusedGone = auth().roleDelete(
                            AuthRoleDeleteRequest.newBuilder().setRole(role).build());
        }
        var unusedRole =
                auth().roleAdd(AuthRoleAddRequest.newBuilder().setName("r").build());
        var unusedPermission = auth().roleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder()
                .setName("r")
                .setPerm(Permission.newBuilder()
                        .setPermType(Permission.Type.READWRITE)
                        .setKey(ByteString.copyFromUtf8("k")))
                .build());
        add("root", "root");
        add("al", "r");
        var unusedOn = auth().authEnable(AuthEnableRequest.getDefaultInstance());
    }

    private void add(String user, String role) {
        var unusedAdded = auth().userAdd(AuthUserAddRequest.newBuilder()
                .setName(user)
                .setPassword("1")
                .build());
        var unusedGranted = auth().userGrantRole(AuthUserGrantRoleRequest.newBuilder()
                .setUser(user)
                .setRole(role)
                .build());
    }

    /** The service without a token. */
    AuthGrpc.AuthBlockingStub auth() {
        return AuthGrpc.newBlockingStub(grpc.channel()).withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
    }

    AuthGrpc.AuthBlockingStub asRoot() {
        return auth().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata(root())));
    }

    String root() {
        return token("root", "1");
    }

    /** The token of a new login. */
    String token(String user, String password) {
        return auth().authenticate(AuthenticateRequest.newBuilder()
                        .setName(user)
                        .setPassword(password)
                        .build())
                .getToken();
    }

    void put(String token, String key, String value) {
        var unused = grpc.kv()
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata(token)))
                .put(PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFromUtf8(value))
                        .build());
    }
}
