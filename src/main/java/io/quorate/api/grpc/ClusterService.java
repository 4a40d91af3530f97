package io.quorate.api.grpc;

import io.grpc.stub.StreamObserver;
import io.quorate.apply.Headers;
import io.quorate.membership.Membership;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proto.ClusterGrpc;
import io.quorate.proto.Member;
import io.quorate.proto.MemberListRequest;
import io.quorate.proto.MemberListResponse;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import lombok.RequiredArgsConstructor;

/** etcd's Cluster service; its headers carry no revision. */
@RequiredArgsConstructor
public final class ClusterService extends ClusterGrpc.ClusterImplBase {

    private final Membership membership;
    private final LinearizableReader reader;
    private final Headers headers;
    private final LongSupplier appliedTerm;

    @Override
    public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> call) {
        if (!request.getLinearizable()) {
            Answers.compute(this::list, call);
            return;
        }
        CompletionStage<Void> unused = reader.awaitLinearizable().whenComplete((ignored, failure) -> {
            if (failure != null) {
                Answers.fail(call, failure);
            } else {
                Answers.compute(this::list, call);
            }
        });
    }

    private MemberListResponse list() {
        MemberListResponse.Builder response =
                MemberListResponse.newBuilder().setHeader(headers.of(0, appliedTerm.getAsLong()));
        for (io.quorate.membership.Member member : membership.members()) {
            response.addMembers(wire(member));
        }
        return response.build();
    }

    private static Member wire(io.quorate.membership.Member member) {
        return Member.newBuilder()
                .setID(member.id())
                .setName(member.name())
                .addAllPeerURLs(member.peerUrls())
                .addAllClientURLs(member.clientUrls())
                .setIsLearner(member.isLearner())
                .build();
    }
}
