package io.quorate.apply;

import io.quorate.alarm.Alarms;
import io.quorate.alarm.SpaceQuota;
import io.quorate.auth.AuthStore;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.lease.LeaseManager;
import io.quorate.mvcc.WriteBatch;
import io.quorate.proto.AlarmType;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.raft.Entry;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * All links in their order: the time it takes, the alarms that refuse, what a cluster that follows an etcd refuses, what the user may do,
 * the quota, and at last the work. An alarm takes
 * effect with the entry after the one that raises it, on every member alike.
 */
public final class ApplierChain implements Applier {

    private final Applier first;

    /**
     * @param raiseNoSpace raises the alarm of this member through Raft; must not block; its stage ends when the alarm is in
     *     force, or cannot be raised
     * @param following executes the steps of following an etcd
     */
    public ApplierChain(
            ExecutionTimes times,
            Alarms alarms,
            SpaceQuota quota,
            AuthStore auth,
            LeaseManager leases,
            Supplier<CompletionStage<Void>> raiseNoSpace,
            FollowSteps following,
            BackendApplier backend) {
        Applier work = new FollowSteps.Link(following, backend);
        Applier permitted = new AuthApplier(auth, leases, new QuotaApplier(quota, raiseNoSpace, work));
        Applier guarded = new FollowGuard(following.following(), new CappedApplier(alarms, permitted));
        this.first = new TimedApplier(times, new CorruptApplier(alarms, guarded));
    }

    @Override
    public Outcome apply(InternalRaftRequest request, WriteBatch batch, Entry entry) {
        return first.apply(request, batch, entry);
    }

    /** Refuses requests that take room while any member is out of space, until a client clears the alarm. */
    record CappedApplier(Alarms alarms, Applier next) implements Applier {

        @Override
        public Outcome apply(InternalRaftRequest request, WriteBatch batch, Entry entry) {
            return alarms.isRaised(AlarmType.NOSPACE) && QuotaApplier.cost(request) > 0
                    ? new Outcome.Refused(new RequestException(RequestError.NO_SPACE))
                    : next.apply(request, batch, entry);
        }
    }

    /** Measures each request. */
    record TimedApplier(ExecutionTimes times, Applier next) implements Applier {

        @Override
        public Outcome apply(InternalRaftRequest request, WriteBatch batch, Entry entry) {
            long started = times.now();
            Outcome outcome = next.apply(request, batch, entry);
            times.applied(request, outcome, started);
            return outcome;
        }
    }
}
