package io.quorate.api.grpc;

import io.grpc.stub.StreamObserver;
import io.quorate.proposal.Proposer;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmResponse;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.MaintenanceGrpc;
import io.quorate.proto.StatusRequest;
import io.quorate.proto.StatusResponse;
import java.util.function.Supplier;
import lombok.RequiredArgsConstructor;

/** etcd's Maintenance service. Alarms go through Raft, even reading them, so that the answer is up to date. */
@RequiredArgsConstructor
public final class MaintenanceService extends MaintenanceGrpc.MaintenanceImplBase {

    private final Proposer proposer;
    private final Supplier<StatusResponse> status;

    @Override
    public void alarm(AlarmRequest request, StreamObserver<AlarmResponse> call) {
        Answers.send(proposer.propose(InternalRaftRequest.newBuilder().setAlarm(request)), call);
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> call) {
        Answers.compute(status, call);
    }
}
