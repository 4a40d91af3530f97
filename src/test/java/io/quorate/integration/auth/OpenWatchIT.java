package io.quorate.integration.auth;

import static io.quorate.integration.auth.SecuredMember.ALICE;
import static io.quorate.integration.auth.SecuredMember.ROOT;
import static io.quorate.integration.auth.SecuredMember.auth;
import static io.quorate.integration.auth.SecuredMember.kv;
import static io.quorate.integration.auth.SecuredMember.put;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.fixture.StreamRecorder;
import io.quorate.fixture.TestMember;
import io.quorate.proto.AuthUserDeleteRequest;
import io.quorate.proto.AuthUserRevokeRoleRequest;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchGrpc;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A watch that was permitted when it began, and whose user loses the right: as in etcd it goes on. */
class OpenWatchIT {

    private static WatchRequest watch() {
        return WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder().setKey(ByteString.copyFromUtf8("a")))
                .build();
    }

    @Test
    void watchWhenItsUserLosesTheRightOrIsDeletedGoesOnAndNoOtherBegins() {
        try (SecuredMember secured = SecuredMember.start(TestMember.create(Map.of()))) {
            var root = secured.as(ROOT);
            StreamRecorder<WatchResponse> answers = new StreamRecorder<>();
            var requests = WatchGrpc.newStub(secured.as(ALICE)).watch(answers);
            requests.onNext(watch());
            assertThat(answers.next().getCreated()).isTrue();

            var revoked = auth(root)
                    .userRevokeRole(AuthUserRevokeRoleRequest.newBuilder()
                            .setName(ALICE)
                            .setRole(ALICE)
                            .build());
            long first = kv(root).put(put("a", "1")).getHeader().getRevision();
            assertThat(answers.next().getEvents(0).getKv().getModRevision()).isEqualTo(first);
            requests.onNext(watch());
            WatchResponse refused = answers.next();
            assertThat(refused.getCanceled()).isTrue();
            assertThat(refused.getCancelReason()).contains("permission denied");

            var deleted = auth(root)
                    .userDelete(
                            AuthUserDeleteRequest.newBuilder().setName(ALICE).build());
            long second = kv(root).put(put("a", "2")).getHeader().getRevision();
            assertThat(answers.next().getEvents(0).getKv().getModRevision()).isEqualTo(second);
            assertThat(revoked.getHeader().getRevision())
                    .isLessThan(deleted.getHeader().getRevision());
            requests.onCompleted();
        }
    }
}
