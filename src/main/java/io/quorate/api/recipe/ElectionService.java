package io.quorate.api.recipe;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quorate.apply.Headers;
import io.quorate.proto.v3electionpb.CampaignRequest;
import io.quorate.proto.v3electionpb.CampaignResponse;
import io.quorate.proto.v3electionpb.ElectionGrpc;
import io.quorate.proto.v3electionpb.LeaderKey;
import io.quorate.proto.v3electionpb.LeaderRequest;
import io.quorate.proto.v3electionpb.LeaderResponse;
import io.quorate.proto.v3electionpb.ProclaimRequest;
import io.quorate.proto.v3electionpb.ProclaimResponse;
import io.quorate.proto.v3electionpb.ResignRequest;
import io.quorate.proto.v3electionpb.ResignResponse;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import lombok.RequiredArgsConstructor;

/** etcd's Election service: the queue of a lock, whose places have values that their owners may change. */
@RequiredArgsConstructor
public final class ElectionService extends ElectionGrpc.ElectionImplBase {

    private final LocalClient primitives;
    private final Headers headers;
    private final LongSupplier appliedTerm;

    @Override
    public void campaign(CampaignRequest request, StreamObserver<CampaignResponse> call) {
        LocalClient client = primitives.ofCaller();
        Campaign campaign = new Campaign(client, request.getName(), request.getValue());
        ((ServerCallStreamObserver<CampaignResponse>) call).setOnCancelHandler(campaign::cancel);
        RecipeResponses.send(client.lease(request.getLease()).thenCompose(campaign::run), call);
    }

    @Override
    public void proclaim(ProclaimRequest request, StreamObserver<ProclaimResponse> call) {
        LeaderKey leader = request.getLeader();
        asLeader(
                request.hasLeader(),
                () -> primitives
                        .ofCaller()
                        .txn(QueueKeys.proclaim(
                                leader.getKey(), leader.getRev(), request.getValue(), leader.getLease()))
                        .thenApply(done -> {
                            if (!done.getSucceeded()) {
                                throw RecipeResponses.failure("election: not leader");
                            }
                            return ProclaimResponse.newBuilder()
                                    .setHeader(done.getHeader())
                                    .build();
                        }),
                call);
    }

    @Override
    public void leader(LeaderRequest request, StreamObserver<LeaderResponse> call) {
        RecipeResponses.send(
                primitives.ofCaller().range(QueueKeys.oldest(request.getName())).thenApply(found -> {
                    if (found.getKvsCount() == 0) {
                        throw RecipeResponses.failure("election: no leader");
                    }
                    return LeaderResponse.newBuilder()
                            .setHeader(found.getHeader())
                            .setKv(found.getKvs(0))
                            .build();
                }),
                call);
    }

    @Override
    public void observe(LeaderRequest request, StreamObserver<LeaderResponse> call) {
        ByteString name = request.getName();
        new Observation(
                        primitives.ofCaller(),
                        name,
                        (ServerCallStreamObserver<LeaderResponse>) call,
                        revision -> headers.of(revision, appliedTerm.getAsLong()))
                .start();
    }

    /** Leaving a place that was lost already is fine. */
    @Override
    public void resign(ResignRequest request, StreamObserver<ResignResponse> call) {
        LeaderKey leader = request.getLeader();
        asLeader(
                request.hasLeader(),
                () -> primitives
                        .ofCaller()
                        .txn(QueueKeys.leave(leader.getKey(), leader.getRev()))
                        .thenApply(done -> ResignResponse.newBuilder()
                                .setHeader(done.getHeader())
                                .build()),
                call);
    }

    private static <A> void asLeader(
            boolean named, Supplier<? extends CompletionStage<A>> answer, StreamObserver<A> call) {
        if (named) {
            RecipeResponses.send(answer.get(), call);
        } else {
            RecipeResponses.fail(call, RecipeResponses.failure("\"leader\" field must be provided"));
        }
    }
}
