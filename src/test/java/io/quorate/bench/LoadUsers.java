package io.quorate.bench;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.quorate.proto.AuthDisableRequest;
import io.quorate.proto.AuthEnableRequest;
import io.quorate.proto.AuthGrpc;
import io.quorate.proto.AuthRoleAddRequest;
import io.quorate.proto.AuthRoleGrantPermissionRequest;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.AuthUserGrantRoleRequest;
import io.quorate.proto.AuthenticateRequest;
import io.quorate.proto.authpb.Permission;
import java.util.List;
import java.util.stream.IntStream;

/** Turns authentication on for as long as it is open: users of one role, which may read and write the keys, and a token of each. */
final class LoadUsers implements AutoCloseable {

    static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    private static final String ROOT = "root";
    private static final String ROLE = "bench";
    private static final String PASSWORD = "bench";

    private final Channel channel;
    private final List<String> tokens;

    LoadUsers(Channel channel, int count) {
        this.channel = channel;
        AuthGrpc.AuthBlockingStub auth = AuthGrpc.newBlockingStub(channel);
        addRole(auth, ROOT);
        addRole(auth, ROLE);
        var _ = auth.roleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder()
                .setName(ROLE)
                .setPerm(Permission.newBuilder()
                        .setPermType(Permission.Type.READWRITE)
                        .setKey(ByteString.copyFromUtf8(Template.PREFIX))
                        .setRangeEnd(ByteString.copyFromUtf8(Template.PREFIX + "~")))
                .build());
        addUser(auth, ROOT, ROOT);
        List<String> users = IntStream.range(0, count)
                .mapToObj(number -> ROLE + number)
                .peek(user -> addUser(auth, user, ROLE))
                .toList();
        var _ = auth.authEnable(AuthEnableRequest.getDefaultInstance());
        tokens = users.stream().map(this::logIn).toList();
    }

    /** The token of the user whose turn it is. */
    String token(int number) {
        return tokens.get(number % tokens.size());
    }

    private String logIn(String user) {
        return AuthGrpc.newBlockingStub(channel)
                .authenticate(AuthenticateRequest.newBuilder()
                        .setName(user)
                        .setPassword(PASSWORD)
                        .build())
                .getToken();
    }

    private static void addRole(AuthGrpc.AuthBlockingStub auth, String role) {
        unlessThere(() -> {
            var _ = auth.roleAdd(AuthRoleAddRequest.newBuilder().setName(role).build());
        });
    }

    private static void addUser(AuthGrpc.AuthBlockingStub auth, String user, String role) {
        unlessThere(() -> {
            var _ = auth.userAdd(AuthUserAddRequest.newBuilder()
                    .setName(user)
                    .setPassword(PASSWORD)
                    .build());
        });
        var _ = auth.userGrantRole(AuthUserGrantRoleRequest.newBuilder()
                .setUser(user)
                .setRole(role)
                .build());
    }

    /** Workloads before this one may have made it. */
    private static void unlessThere(Runnable addition) {
        try {
            addition.run();
        } catch (StatusRuntimeException e) {
            if (!String.valueOf(e.getMessage()).contains("already exists")) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        Metadata headers = new Metadata();
        headers.put(TOKEN, logIn(ROOT));
        var _ = AuthGrpc.newBlockingStub(
                        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)))
                .authDisable(AuthDisableRequest.getDefaultInstance());
    }
}
