package io.quorate.apply;

import io.quorate.mvcc.WriteBatch;
import io.quorate.proto.InternalRaftRequest;

/** Measures each request. */
record TimedApplier(ExecutionTimes times, Applier next) implements Applier {

    @Override
    public Outcome apply(InternalRaftRequest request, WriteBatch batch, long term) {
        long started = times.now();
        Outcome outcome = next.apply(request, batch, term);
        times.applied(request, outcome, started);
        return outcome;
    }
}
