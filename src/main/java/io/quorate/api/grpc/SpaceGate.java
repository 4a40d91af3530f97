package io.quorate.api.grpc;

import io.grpc.stub.StreamObserver;
import io.quorate.alarm.SpaceQuota;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.proposal.SpaceAlarm;
import java.util.concurrent.CompletionStage;

/**
 * Turns writes away before they cost anything when the store is full; the first of them raises the alarm. It is the very
 * first check of a write, as in etcd.
 */
public record SpaceGate(SpaceQuota quota, SpaceAlarm alarm) {

    boolean admits(long costBytes) {
        return quota.admits(costBytes);
    }

    void refuse(StreamObserver<?> call) {
        CompletionStage<Void> unused = alarm.raise()
                .whenComplete((ignored, failure) -> Answers.fail(call, new RequestException(RequestError.NO_SPACE)));
    }
}
