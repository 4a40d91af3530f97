package io.quorate.server;

import io.quorate.lease.LeaseManager;
import io.quorate.proposal.LinearizableReader;
import java.time.Duration;

/**
 * What gaining and losing the leadership entails (docs/etcd-v3.md, section 7.4). Losing it acts at once, on the
 * {@code raft-node} thread; leases start to run only when the first entry of the new term is applied, so that none of an
 * earlier term is still to come.
 */
public final class LeadershipCallbacks implements ReadyHandler.LeadershipListener {

    private final ConsensusState consensus;
    private final LeaseManager leases;
    private final LinearizableReader reader;
    private final Duration leaseExtension;

    /**
     * @param leaseExtension what leases gain on a change of leader: an election timeout
     */
    public LeadershipCallbacks(
            ConsensusState consensus, LeaseManager leases, LinearizableReader reader, Duration leaseExtension) {
        this.consensus = consensus;
        this.leases = leases;
        this.reader = reader;
        this.leaseExtension = leaseExtension;
    }

    @Override
    public void updateLeadership(long leader, boolean isLeader, boolean leaderChanged) {
        if (!isLeader) {
            leases.demote();
        }
        if (leaderChanged) {
            reader.leaderChanged();
        }
    }

    /** The empty first entry of a term was applied; on the {@code apply} thread. */
    public void newTerm(long term) {
        reader.firstCommitInTerm();
        if (consensus.isLeader()) {
            leases.promote(term, leaseExtension);
        }
    }
}
