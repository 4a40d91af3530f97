package io.quorate.assembly;

import io.quorate.base.Fault;
import io.quorate.lease.LeaseDuties;
import io.quorate.lease.LeaseRecord.LeaseCheckpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Leads from the leases, which belong to the state, to the server, which is put together after it. */
final class LeaseDutiesLink implements LeaseDuties {

    private volatile @Nullable LeaseDuties target;

    /** Once, before any lease may expire. */
    void connect(LeaseDuties duties) {
        Fault.check(target == null, "the leases are connected already");
        target = duties;
    }

    private LeaseDuties target() {
        LeaseDuties connected = target;
        if (connected == null) {
            throw new IllegalStateException("a lease expires before the member is put together");
        }
        return connected;
    }

    @Override
    public boolean revoke(long term, List<Long> expired) {
        return target().revoke(term, expired);
    }

    @Override
    public void checkpoint(long term, List<LeaseCheckpoint> checkpoints) {
        target().checkpoint(term, checkpoints);
    }
}
