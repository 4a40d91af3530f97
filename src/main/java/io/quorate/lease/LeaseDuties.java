package io.quorate.lease;

import io.quorate.lease.LeaseRecord.LeaseCheckpoint;
import java.util.List;

/**
 * What the leader has to propose on behalf of its leases, as the leader of the term in which it was promoted: the leader of
 * a later one has its own clock and renewals. Called without any lock of the lease manager; must not block and must not
 * throw.
 */
public interface LeaseDuties {

    /**
     * These leases have expired and are to be revoked; those not gone after a while are offered again. Returns false if
     * there is no room for the batch now, which is then offered again soon.
     */
    boolean revoke(long term, List<Long> expired);

    /** These remaining times are to be put into the log; what is lost there is offered again when it is due the next time. */
    void checkpoint(long term, List<LeaseCheckpoint> checkpoints);
}
