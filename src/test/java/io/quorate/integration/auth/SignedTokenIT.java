package io.quorate.integration.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ClientInterceptor;
import io.grpc.stub.MetadataUtils;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import io.quorate.proto.AuthGrpc;
import io.quorate.proto.AuthRoleAddRequest;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseRevokeRequest;
import io.quorate.proto.PutRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signed tokens that a member did not make itself, so that it has to verify each when it comes for the first time. */
class SignedTokenIT {

    @TempDir
    private Path files;

    /** Both calls are checked at the edge first, and again when they are applied. */
    @Test
    void firstCallWithATokenOfAnotherMemberIsMadeInTheNameOfItsUser() throws IOException {
        Path secret = Files.writeString(files.resolve("secret"), "a secret that is long enough for HS256");
        Map<String, String> settings =
                Map.of("auth.token", "jwt,sign-method=HS256,priv-key=" + secret + ",ttl=10m", "auth.bcrypt-cost", "4");
        try (TestCluster cluster = new TestCluster(3, settings).start()) {
            Logins leader = new Logins(cluster.grpc(cluster.leader()));
            leader.populate();
            cluster.identify(connection -> Logins.metadata(new Logins(connection).root()));
            long lease = leaseWithKey(cluster.grpc(cluster.leader()), leader.root());
            TestMember follower = cluster.follower();
            cluster.awaitCaughtUp(follower);
            GrpcConnection elsewhere = cluster.grpc(follower);
            assertThat(elsewhere
                            .lease()
                            .withInterceptors(by(fresh(leader, "one")))
                            .leaseRevoke(
                                    LeaseRevokeRequest.newBuilder().setID(lease).build())
                            .hasHeader())
                    .isTrue();
            assertThat(AuthGrpc.newBlockingStub(elsewhere.channel())
                            .withInterceptors(by(fresh(leader, "two")))
                            .userAdd(AuthUserAddRequest.newBuilder()
                                    .setName("added")
                                    .setPassword("1")
                                    .build())
                            .hasHeader())
                    .isTrue();
        }
    }

    /** The same login within a second gives the same token, unless the rules have another revision. */
    private static String fresh(Logins login, String role) {
        var unused = login.asRoot()
                .roleAdd(AuthRoleAddRequest.newBuilder().setName(role).build());
        return login.root();
    }

    private static long leaseWithKey(GrpcConnection connection, String token) {
        long lease = connection
                .lease()
                .withInterceptors(by(token))
                .leaseGrant(LeaseGrantRequest.newBuilder().setTTL(600).build())
                .getID();
        var unused = connection
                .kv()
                .withInterceptors(by(token))
                .put(PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("k"))
                        .setLease(lease)
                        .build());
        return lease;
    }

    private static ClientInterceptor by(String token) {
        return MetadataUtils.newAttachHeadersInterceptor(Logins.metadata(token));
    }
}
