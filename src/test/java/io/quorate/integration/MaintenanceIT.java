package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.MemberExtension;
import io.quorate.fixture.TestMember;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.DefragmentRequest;
import io.quorate.proto.DefragmentResponse;
import io.quorate.proto.HashKVRequest;
import io.quorate.proto.HashKVResponse;
import io.quorate.proto.HashRequest;
import io.quorate.proto.HashResponse;
import io.quorate.proto.StatusRequest;
import io.quorate.proto.StatusResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What operators ask of one member. */
class MaintenanceIT {

    @RegisterExtension
    static final MemberExtension MEMBER = new MemberExtension();

    private static HashKVResponse hashKv(GrpcConnection grpc, long revision) {
        return grpc.maintenance()
                .hashKV(HashKVRequest.newBuilder().setRevision(revision).build());
    }

    @Test
    void hashKvWhenAskedForARevisionDoesNotSeeWhatCameLater() {
        long revision = MEMBER.grpc().put("a", "1").getHeader().getRevision();
        HashKVResponse before = hashKv(MEMBER.grpc(), 0);
        MEMBER.grpc().put("a", "2");
        HashKVResponse after = hashKv(MEMBER.grpc(), revision);

        assertThat(before.getHashRevision()).isEqualTo(revision);
        assertThat(after.getHash()).isEqualTo(before.getHash());
        assertThat(after.getHeader().getRevision()).isEqualTo(revision + 1);
        assertThat(hashKv(MEMBER.grpc(), 0).getHash()).isNotEqualTo(before.getHash());
        assertThatThrownBy(() -> hashKv(MEMBER.grpc(), revision + 1000)).hasMessageContaining("future revision");
    }

    @Test
    void hashKvWhenTwoMembersDidTheSameIsTheSame() {
        try (TestMember other = TestMember.create(Map.of()).start();
                GrpcConnection second = GrpcConnection.to(other);
                TestMember another = TestMember.create(Map.of()).start();
                GrpcConnection third = GrpcConnection.to(another)) {
            for (GrpcConnection each : new GrpcConnection[] {second, third}) {
                each.put("a", "1");
                each.put("b", "2");
                each.put("a", "3");
                each.kv()
                        .compact(CompactionRequest.newBuilder()
                                .setRevision(3)
                                .setPhysical(true)
                                .build());
            }
            assertThat(hashKv(second, 0).getHash()).isEqualTo(hashKv(third, 0).getHash());
            assertThat(hashKv(second, 0).getCompactRevision()).isEqualTo(3);
            assertThatThrownBy(() -> hashKv(second, 2)).hasMessageContaining("compacted");
        }
    }

    /** Clients show what is left of the size as a share of it. */
    @Test
    void statusWhenMuchIsWrittenNeverHasMoreInUseThanThereIs() {
        for (int i = 0; i < 20; i++) {
            MEMBER.grpc().put("size", "v".repeat(100_000));
            StatusResponse status = MEMBER.grpc().maintenance().status(StatusRequest.getDefaultInstance());
            assertThat(status.getDbSizeInUse()).isPositive().isLessThanOrEqualTo(status.getDbSize());
        }
    }

    @Test
    void hashWhenSomethingChangesChanges() {
        HashResponse before = MEMBER.grpc().maintenance().hash(HashRequest.getDefaultInstance());
        assertThat(MEMBER.grpc()
                        .maintenance()
                        .hash(HashRequest.getDefaultInstance())
                        .getHash())
                .isEqualTo(before.getHash());
        long revision = MEMBER.grpc().put("hash", "1").getHeader().getRevision();
        HashResponse after = MEMBER.grpc().maintenance().hash(HashRequest.getDefaultInstance());
        assertThat(after.getHash()).isNotEqualTo(before.getHash());
        assertThat(after.getHeader().getRevision()).isEqualTo(revision);
    }

    @Test
    void defragmentWhenDoneKeepsEverythingAndAnswersWithoutHeader() {
        MEMBER.grpc().put("kept", "1");
        DefragmentResponse response = MEMBER.grpc().maintenance().defragment(DefragmentRequest.getDefaultInstance());
        assertThat(response.hasHeader()).isFalse();
        assertThat(MEMBER.grpc().get("kept").getKvs(0).getValue().toStringUtf8())
                .isEqualTo("1");
    }
}
