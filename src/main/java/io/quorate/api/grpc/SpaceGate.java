package io.quorate.api.grpc;

import io.grpc.stub.StreamObserver;
import io.quorate.alarm.SpaceQuota;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import io.quorate.proposal.SpaceAlarm;

/**
 * Turns writes away before they cost anything when the store is full; the first of them raises the alarm. It is the very
 * first check of a write, as in etcd.
 */
public record SpaceGate(SpaceQuota quota, SpaceAlarm alarm) {

    boolean admits(long costBytes) {
        return quota.admits(costBytes);
    }

    void refuse(StreamObserver<?> call) {
        Stages.whenDone(
                "raising the alarm NOSPACE",
                alarm.raise(),
                (ignored, failure) -> Answers.fail(call, new RequestException(RequestError.NO_SPACE)));
    }
}
