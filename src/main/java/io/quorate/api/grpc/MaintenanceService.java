package io.quorate.api.grpc;

import io.grpc.stub.StreamObserver;
import io.quorate.proposal.LeaderTransfer;
import io.quorate.proposal.Proposer;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmResponse;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.MaintenanceGrpc;
import io.quorate.proto.MoveLeaderRequest;
import io.quorate.proto.MoveLeaderResponse;
import io.quorate.proto.StatusRequest;
import io.quorate.proto.StatusResponse;
import java.time.Duration;
import java.util.function.Supplier;
import lombok.RequiredArgsConstructor;

/** etcd's Maintenance service. Alarms go through Raft, even reading them, so that the answer is up to date. */
@RequiredArgsConstructor
public final class MaintenanceService extends MaintenanceGrpc.MaintenanceImplBase {

    private final Proposer proposer;
    private final Supplier<StatusResponse> status;
    private final LeaderTransfer transfer;
    private final Duration transferTimeout;

    @Override
    public void alarm(AlarmRequest request, StreamObserver<AlarmResponse> call) {
        Answers.send(proposer.propose(InternalRaftRequest.newBuilder().setAlarm(request)), call);
    }

    /** The answer has no header, as in etcd. */
    @Override
    public void moveLeader(MoveLeaderRequest request, StreamObserver<MoveLeaderResponse> call) {
        Answers.send(
                transfer.transfer(request.getTargetID(), transferTimeout)
                        .thenApply(done -> MoveLeaderResponse.getDefaultInstance()),
                call);
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> call) {
        Answers.compute(status, call);
    }
}
