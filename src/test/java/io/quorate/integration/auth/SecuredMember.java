package io.quorate.integration.auth;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.Http1Transport;
import io.quorate.fixture.TestMember;
import io.quorate.proto.AuthEnableRequest;
import io.quorate.proto.AuthGrpc;
import io.quorate.proto.AuthGrpc.AuthBlockingStub;
import io.quorate.proto.AuthRoleAddRequest;
import io.quorate.proto.AuthRoleGrantPermissionRequest;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.AuthUserGrantRoleRequest;
import io.quorate.proto.AuthenticateRequest;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.PutRequest;
import io.quorate.proto.authpb.Permission;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A running member with authentication on: {@code root}, and {@code alice} who may read and write what begins with {@code a}. */
final class SecuredMember implements AutoCloseable {

    static final String ROOT = "root";
    static final String ALICE = "alice";

    private static final long CALL_SECONDS = 60;
    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    private final TestMember member;
    private final GrpcConnection connection;
    private final Map<String, String> tokens = new HashMap<>();

    private SecuredMember(TestMember member, GrpcConnection connection) {
        this.member = member;
        this.connection = connection;
    }

    /** Starts a member and makes its users. */
    static SecuredMember start(TestMember member) {
        member.start();
        SecuredMember secured = new SecuredMember(member, GrpcConnection.to(member));
        secured.populate();
        return secured;
    }

    private void populate() {
        AuthBlockingStub auth = auth(connection.channel());
        addUser(auth, ROOT);
        addUser(auth, ALICE);
        auth.authEnable(AuthEnableRequest.getDefaultInstance());
    }

    private static void addUser(AuthBlockingStub auth, String name) {
        auth.userAdd(AuthUserAddRequest.newBuilder()
                .setName(name)
                .setPassword(password(name))
                .build());
        auth.roleAdd(AuthRoleAddRequest.newBuilder().setName(name).build());
        if (!name.equals(ROOT)) {
            auth.roleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder()
                    .setName(name)
                    .setPerm(Permission.newBuilder()
                            .setPermType(Permission.Type.READWRITE)
                            .setKey(ByteString.copyFromUtf8("a"))
                            .setRangeEnd(ByteString.copyFromUtf8("b")))
                    .build());
        }
        auth.userGrantRole(AuthUserGrantRoleRequest.newBuilder()
                .setUser(name)
                .setRole(name)
                .build());
    }

    static String password(String user) {
        return "hush-" + user + "-pass";
    }

    TestMember member() {
        return member;
    }

    /** The connection without a token. */
    Channel nobody() {
        return connection.channel();
    }

    /** The token of a login; one serves for all calls. */
    String token(String user) {
        return tokens.computeIfAbsent(
                user,
                name -> auth(nobody())
                        .authenticate(AuthenticateRequest.newBuilder()
                                .setName(name)
                                .setPassword(password(name))
                                .build())
                        .getToken());
    }

    /** The connection in a user's name. */
    Channel as(String user) {
        return withToken(token(user));
    }

    Channel withToken(String token) {
        Metadata metadata = new Metadata();
        metadata.put(TOKEN, token);
        ClientInterceptor headers = MetadataUtils.newAttachHeadersInterceptor(metadata);
        return ClientInterceptors.intercept(nobody(), headers);
    }

    Http1Transport jsonAs(String user) {
        return new Http1Transport(member.clientUrl(), Map.of("Authorization", token(user)));
    }

    static AuthBlockingStub auth(Channel channel) {
        return AuthGrpc.newBlockingStub(channel).withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
    }

    static KVGrpc.KVBlockingStub kv(Channel channel) {
        return KVGrpc.newBlockingStub(channel).withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
    }

    static PutRequest put(String key, String value) {
        return PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFromUtf8(value))
                .build();
    }

    @Override
    public void close() {
        connection.close();
        member.close();
    }
}
