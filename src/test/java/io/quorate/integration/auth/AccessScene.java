package io.quorate.integration.auth;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.TestAuthority;
import io.quorate.fixture.TestMember;
import io.quorate.proto.AuthEnableRequest;
import io.quorate.proto.AuthGrpc;
import io.quorate.proto.AuthRoleAddRequest;
import io.quorate.proto.AuthRoleGrantPermissionRequest;
import io.quorate.proto.AuthStatusRequest;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.AuthUserGrantRoleRequest;
import io.quorate.proto.AuthenticateRequest;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseGrpc;
import io.quorate.proto.LeaseLeasesRequest;
import io.quorate.proto.LeaseRevokeRequest;
import io.quorate.proto.LeaseStatus;
import io.quorate.proto.PutRequest;
import io.quorate.proto.authpb.Permission;
import io.quorate.proto.authpb.UserAddOptions;
import io.quorate.proto.v3electionpb.CampaignRequest;
import io.quorate.proto.v3electionpb.ElectionGrpc;
import io.quorate.proto.v3electionpb.LeaderKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/** A member with the users of {@link Caller}, and what their calls are about. Everything is made by root. */
final class AccessScene implements AccessTable.Scene, AutoCloseable {

    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    private final TestMember member;
    private final GrpcConnection rootConnection;
    private final Map<Caller, GrpcConnection> connections = new EnumMap<>(Caller.class);
    private final Map<Caller, String> tokens = new EnumMap<>(Caller.class);
    private final boolean certificates;
    private long lease;
    private int names;

    private AccessScene(TestMember member, GrpcConnection rootConnection, boolean certificates) {
        this.member = member;
        this.rootConnection = rootConnection;
        this.certificates = certificates;
    }

    static AccessScene byPasswords(TestMember member) {
        AccessScene scene = new AccessScene(member, GrpcConnection.to(member), false);
        scene.populate();
        return scene;
    }

    static AccessScene byCertificates(TestMember member, TestAuthority authority) {
        AccessScene scene =
                new AccessScene(member, GrpcConnection.to(member, credentials(authority, Caller.ROOT)), true);
        scene.connections.put(Caller.CERTIFIED, GrpcConnection.to(member, credentials(authority, Caller.CERTIFIED)));
        scene.populate();
        return scene;
    }

    private static io.grpc.ChannelCredentials credentials(TestAuthority authority, Caller caller) {
        TestAuthority.Leaf leaf = authority.issue(caller.user());
        try {
            return TlsChannelCredentials.newBuilder()
                    .trustManager(stream(authority.pem()))
                    .keyManager(stream(leaf.certificate()), stream(leaf.key()))
                    .build();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ByteArrayInputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
    }

    private void populate() {
        AuthGrpc.AuthBlockingStub auth = AuthGrpc.newBlockingStub(rootConnection.channel());
        role(auth, Caller.READER, Permission.Type.READ, new String(new byte[1], StandardCharsets.US_ASCII), "\0");
        role(auth, Caller.WRITER_OF_ONE, Permission.Type.READWRITE, "k", "");
        role(auth, Caller.WRITER_OF_RANGE, Permission.Type.READWRITE, "k", "l");
        for (Caller caller : Caller.values()) {
            auth.userAdd(AuthUserAddRequest.newBuilder()
                    .setName(caller.user())
                    .setPassword(certificates ? "" : caller.password())
                    .setOptions(UserAddOptions.newBuilder().setNoPassword(certificates))
                    .build());
        }
        grant(auth, Caller.READER, Caller.READER);
        grant(auth, Caller.WRITER_OF_ONE, Caller.WRITER_OF_ONE);
        grant(auth, Caller.WRITER_OF_RANGE, Caller.WRITER_OF_RANGE);
        grant(auth, Caller.CERTIFIED, Caller.WRITER_OF_RANGE);
        grant(auth, Caller.ROOT, Caller.ROOT);
        auth.authEnable(AuthEnableRequest.getDefaultInstance());
    }

    private static void role(
            AuthGrpc.AuthBlockingStub auth, Caller caller, Permission.Type type, String key, String end) {
        auth.roleAdd(AuthRoleAddRequest.newBuilder().setName(caller.user()).build());
        auth.roleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder()
                .setName(caller.user())
                .setPerm(Permission.newBuilder()
                        .setPermType(type)
                        .setKey(ByteString.copyFromUtf8(key))
                        .setRangeEnd(ByteString.copyFromUtf8(end)))
                .build());
    }

    private static void grant(AuthGrpc.AuthBlockingStub auth, Caller user, Caller role) {
        auth.userGrantRole(AuthUserGrantRoleRequest.newBuilder()
                .setUser(user.user())
                .setRole(role.user())
                .build());
    }

    boolean isQuorate() {
        return member.isQuorate();
    }

    String url() {
        return member.clientUrl();
    }

    Channel channel(Caller caller) {
        return connections.getOrDefault(caller, rootConnection).channel();
    }

    /** The token of a login; one serves for all calls. */
    String token(Caller caller) {
        return tokens.computeIfAbsent(
                caller,
                login -> AuthGrpc.newBlockingStub(rootConnection.channel())
                        .authenticate(AuthenticateRequest.newBuilder()
                                .setName(login.user())
                                .setPassword(login.password())
                                .build())
                        .getToken());
    }

    private Channel root() {
        if (certificates) {
            return rootConnection.channel();
        }
        Metadata metadata = new Metadata();
        metadata.put(TOKEN, token(Caller.ROOT));
        return ClientInterceptors.intercept(
                rootConnection.channel(), MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    /** Puts authentication in force again, if the call has ended it, and takes away what was made for it. */
    void restore() {
        AuthGrpc.AuthBlockingStub auth = AuthGrpc.newBlockingStub(rootConnection.channel());
        if (!auth.authStatus(AuthStatusRequest.getDefaultInstance()).getEnabled()) {
            auth.authEnable(AuthEnableRequest.getDefaultInstance());
            tokens.clear();
        }
        LeaseGrpc.LeaseBlockingStub leases = LeaseGrpc.newBlockingStub(root());
        for (LeaseStatus left :
                leases.leaseLeases(LeaseLeasesRequest.getDefaultInstance()).getLeasesList()) {
            var unused = leases.leaseRevoke(
                    LeaseRevokeRequest.newBuilder().setID(left.getID()).build());
        }
        lease = 0;
    }

    @Override
    public long lease() {
        if (lease == 0) {
            lease = LeaseGrpc.newBlockingStub(root())
                    .leaseGrant(LeaseGrantRequest.newBuilder().setTTL(600).build())
                    .getID();
        }
        var unused = KVGrpc.newBlockingStub(root())
                .put(PutRequest.newBuilder()
                        .setKey(AccessTable.KEY)
                        .setLease(lease)
                        .build());
        return lease;
    }

    @Override
    public ByteString freshName() {
        names++;
        return ByteString.copyFromUtf8("k" + names);
    }

    @Override
    public LeaderKey leader() {
        return ElectionGrpc.newBlockingStub(root())
                .campaign(CampaignRequest.newBuilder().setName(freshName()).build())
                .getLeader();
    }

    @Override
    public String memberUrl() {
        return member.peerUrl();
    }

    @Override
    public void close() {
        connections.values().forEach(GrpcConnection::close);
        rootConnection.close();
        member.close();
    }
}
