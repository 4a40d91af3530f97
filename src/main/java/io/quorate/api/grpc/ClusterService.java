package io.quorate.api.grpc;

import io.grpc.stub.StreamObserver;
import io.quorate.apply.Headers;
import io.quorate.base.Stages;
import io.quorate.membership.Membership;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.MembershipChanges;
import io.quorate.proto.ClusterGrpc;
import io.quorate.proto.Member;
import io.quorate.proto.MemberAddRequest;
import io.quorate.proto.MemberAddResponse;
import io.quorate.proto.MemberListRequest;
import io.quorate.proto.MemberListResponse;
import io.quorate.proto.MemberPromoteRequest;
import io.quorate.proto.MemberPromoteResponse;
import io.quorate.proto.MemberRemoveRequest;
import io.quorate.proto.MemberRemoveResponse;
import io.quorate.proto.MemberUpdateRequest;
import io.quorate.proto.MemberUpdateResponse;
import io.quorate.proto.ResponseHeader;
import java.util.List;
import java.util.function.LongSupplier;
import lombok.RequiredArgsConstructor;

/** etcd's Cluster service; its headers carry no revision. */
@RequiredArgsConstructor
public final class ClusterService extends ClusterGrpc.ClusterImplBase {

    private final Access access;
    private final Membership membership;
    private final MembershipChanges changes;
    private final LinearizableReader reader;
    private final Headers headers;
    private final LongSupplier appliedTerm;

    @Override
    public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> call) {
        Caller caller = Caller.current();
        if (!request.getLinearizable()) {
            list(caller, call);
            return;
        }
        Stages.whenDone("listing members", reader.awaitLinearizable(), (ignored, failure) -> {
            if (failure != null) {
                Answers.fail(call, failure);
            } else {
                list(caller, call);
            }
        });
    }

    private void list(Caller caller, StreamObserver<MemberListResponse> call) {
        access.identify(
                caller,
                call,
                identity -> Answers.compute(
                        () -> {
                            access.rules().requireUser(identity);
                            return list();
                        },
                        call));
    }

    @Override
    public void memberAdd(MemberAddRequest request, StreamObserver<MemberAddResponse> call) {
        access.admin(
                call,
                () -> Answers.send(
                        changes.add(request.getPeerURLsList(), request.getIsLearner())
                                .thenApply(added -> MemberAddResponse.newBuilder()
                                        .setHeader(header())
                                        .setMember(wire(added))
                                        .addAllMembers(members())
                                        .build()),
                        call));
    }

    @Override
    public void memberRemove(MemberRemoveRequest request, StreamObserver<MemberRemoveResponse> call) {
        access.admin(
                call,
                () -> Answers.send(
                        changes.remove(request.getID())
                                .thenApply(done -> MemberRemoveResponse.newBuilder()
                                        .setHeader(header())
                                        .addAllMembers(members())
                                        .build()),
                        call));
    }

    @Override
    public void memberUpdate(MemberUpdateRequest request, StreamObserver<MemberUpdateResponse> call) {
        access.admin(
                call,
                () -> Answers.send(
                        changes.update(request.getID(), request.getPeerURLsList())
                                .thenApply(done -> MemberUpdateResponse.newBuilder()
                                        .setHeader(header())
                                        .addAllMembers(members())
                                        .build()),
                        call));
    }

    /** The leader may be another member, so this one may not have applied what the answer is about. */
    @Override
    public void memberPromote(MemberPromoteRequest request, StreamObserver<MemberPromoteResponse> call) {
        access.admin(
                call,
                () -> Answers.send(
                        changes.promote(request.getID())
                                .thenCompose(done -> reader.awaitLinearizable())
                                .thenApply(done -> MemberPromoteResponse.newBuilder()
                                        .setHeader(header())
                                        .addAllMembers(members())
                                        .build()),
                        call));
    }

    private MemberListResponse list() {
        return MemberListResponse.newBuilder()
                .setHeader(header())
                .addAllMembers(members())
                .build();
    }

    private ResponseHeader header() {
        return headers.of(0, appliedTerm.getAsLong());
    }

    private List<Member> members() {
        return membership.members().stream().map(ClusterService::wire).toList();
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
