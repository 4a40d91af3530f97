package io.quorate.apply;

import io.quorate.alarm.Alarms;
import io.quorate.alarm.SpaceQuota;
import io.quorate.mvcc.WriteBatch;
import io.quorate.proto.InternalRaftRequest;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * All links in their order: the time it takes, the alarms that refuse, the quota, and at last the work. An alarm takes
 * effect with the entry after the one that raises it, on every member alike.
 */
public final class ApplierChain implements Applier {

    private final Applier first;

    /**
     * @param raiseNoSpace raises the alarm of this member through Raft; must not block; its stage ends when the alarm is in
     *     force, or cannot be raised
     */
    public ApplierChain(
            ExecutionTimes times,
            Alarms alarms,
            SpaceQuota quota,
            Supplier<CompletionStage<Void>> raiseNoSpace,
            BackendApplier backend) {
        Applier guarded = new CappedApplier(alarms, new QuotaApplier(quota, raiseNoSpace, backend));
        this.first = new TimedApplier(times, new CorruptApplier(alarms, guarded));
    }

    @Override
    public Outcome apply(InternalRaftRequest request, WriteBatch batch, long term) {
        return first.apply(request, batch, term);
    }
}
