package io.quorate.integration.backup;

import com.google.protobuf.ByteString;
import io.quorate.fixture.GrpcConnection;
import io.quorate.proto.AuthGrpc;
import io.quorate.proto.AuthRoleAddRequest;
import io.quorate.proto.AuthRoleGrantPermissionRequest;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.AuthUserGrantRoleRequest;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.authpb.Permission;
import java.util.SplittableRandom;

/** What servers are filled with before a snapshot is taken of them. */
final class FilledStore {

    static final long LEASE = 77;

    private FilledStore() {}

    /** Puts, deletions, a lease, users, large values; returns the compacted revision. */
    static long fill(GrpcConnection grpc) {
        SplittableRandom random = new SplittableRandom(7);
        var unusedLease = grpc.lease()
                .leaseGrant(
                        LeaseGrantRequest.newBuilder().setID(LEASE).setTTL(5000).build());
        long revision = 0;
        for (int i = 0; i < 400; i++) {
            byte[] value = new byte[i % 50 == 0 ? 200_000 : random.nextInt(2000)];
            random.nextBytes(value);
            revision = grpc.kv()
                    .put(PutRequest.newBuilder()
                            .setKey(ByteString.copyFromUtf8("key" + random.nextInt(60)))
                            .setValue(ByteString.copyFrom(value))
                            .setLease(i % 7 == 0 ? LEASE : 0)
                            .build())
                    .getHeader()
                    .getRevision();
            if (i % 9 == 0) {
                var unused = grpc.kv()
                        .deleteRange(DeleteRangeRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8("key" + random.nextInt(60)))
                                .build());
            }
        }
        long compacted = revision - 100;
        var unusedCompaction = grpc.kv()
                .compact(CompactionRequest.newBuilder()
                        .setRevision(compacted)
                        .setPhysical(true)
                        .build());
        users(AuthGrpc.newBlockingStub(grpc.channel()));
        return compacted;
    }

    private static void users(AuthGrpc.AuthBlockingStub users) {
        var unusedRole =
                users.roleAdd(AuthRoleAddRequest.newBuilder().setName("reader").build());
        var unusedPermission = users.roleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder()
                .setName("reader")
                .setPerm(Permission.newBuilder()
                        .setKey(ByteString.copyFromUtf8("key"))
                        .setRangeEnd(ByteString.copyFromUtf8("kez")))
                .build());
        var unusedUser = users.userAdd(AuthUserAddRequest.newBuilder()
                .setName("alice")
                .setPassword("secret")
                .build());
        var unusedGrant = users.userGrantRole(AuthUserGrantRoleRequest.newBuilder()
                .setUser("alice")
                .setRole("reader")
                .build());
    }
}
