package io.quorate.api.grpc;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.StreamObserver;
import io.quorate.apply.Headers;
import io.quorate.base.Bytes;
import io.quorate.following.Following;
import io.quorate.mvcc.MvccStore;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.following.FollowKey;
import io.quorate.proto.following.FollowKeysRequest;
import io.quorate.proto.following.FollowKeysResponse;
import io.quorate.proto.following.FollowRequest;
import io.quorate.proto.following.FollowResponse;
import io.quorate.proto.following.FollowState;
import io.quorate.proto.following.FollowStatusRequest;
import io.quorate.proto.following.FollowingGrpc;
import java.util.function.LongSupplier;
import lombok.RequiredArgsConstructor;

/** What {@code quorate migrate --follow} asks of the cluster that is to take over. For users with the role root. */
@RequiredArgsConstructor
public final class FollowService extends FollowingGrpc.FollowingImplBase {

    /** More keys are asked for in further calls. */
    private static final int KEYS_MAX = 1000;

    private final Access access;
    private final Following following;
    private final MvccStore store;
    private final Headers headers;
    private final LongSupplier appliedTerm;

    @Override
    public void follow(FollowRequest request, StreamObserver<FollowResponse> call) {
        access.admin(call, () -> access.propose(InternalRaftRequest.newBuilder().setFollow(request), call));
    }

    @Override
    public void followStatus(FollowStatusRequest request, StreamObserver<FollowResponse> call) {
        access.admin(
                call,
                () -> Answers.compute(
                        () -> FollowResponse.newBuilder()
                                .setHeader(headers.of(store.currentRevision(), appliedTerm.getAsLong()))
                                .setState(following.state())
                                .build(),
                        call));
    }

    @Override
    public void followKeys(FollowKeysRequest request, StreamObserver<FollowKeysResponse> call) {
        access.admin(call, () -> Answers.compute(() -> keys(request), call));
    }

    /** The state is taken first: keys that change meanwhile belong to a later one, which the caller notices by his next step. */
    private FollowKeysResponse keys(FollowKeysRequest request) {
        FollowState state = following.state();
        int limit = (int) Math.clamp(request.getLimit(), 1, KEYS_MAX);
        var keys = store.liveKeys(Bytes.wrap(request.getFrom().toByteArray()), limit + 1);
        FollowKeysResponse.Builder response = FollowKeysResponse.newBuilder().setState(state);
        keys.forEach((key, meta) -> {
            if (response.getKeysCount() < limit) {
                response.addKeys(FollowKey.newBuilder()
                        .setKey(UnsafeByteOperations.unsafeWrap(key.unwrap()))
                        .setModRevision(meta.modRevision()));
            }
        });
        return response.setMore(keys.size() > limit).build();
    }
}
