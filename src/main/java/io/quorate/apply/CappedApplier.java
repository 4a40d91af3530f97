package io.quorate.apply;

import io.quorate.alarm.Alarms;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.mvcc.WriteBatch;
import io.quorate.proto.AlarmType;
import io.quorate.proto.InternalRaftRequest;

/** Refuses whatever takes room while any member is out of space, until somebody clears the alarm. */
record CappedApplier(Alarms alarms, Applier next) implements Applier {

    @Override
    public Outcome apply(InternalRaftRequest request, WriteBatch batch, long term) {
        return alarms.isRaised(AlarmType.NOSPACE) && QuotaApplier.cost(request) > 0
                ? new Outcome.Refused(new RequestException(RequestError.NO_SPACE))
                : next.apply(request, batch, term);
    }
}
