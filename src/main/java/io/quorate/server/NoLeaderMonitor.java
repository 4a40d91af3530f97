package io.quorate.server;

import io.quorate.base.Timed;
import java.time.Duration;

/**
 * Reports that no leader has been known for three election timeouts: streams that require a leader are then
 * sent away, to look for a member that has one.
 *
 * <p>Polled by the {@code timer} thread.
 */
public final class NoLeaderMonitor implements Timed {

    private static final int ELECTION_TIMEOUTS = 3;

    private final ConsensusState consensus;
    private final long patienceNanos;
    private final Runnable lost;
    private long lastSeenNanos;

    /** @param lost called again and again as long as there is no leader; must not block */
    public NoLeaderMonitor(ConsensusState consensus, Duration electionTimeout, Runnable lost, long nowNanos) {
        this.consensus = consensus;
        this.patienceNanos = electionTimeout.toNanos() * ELECTION_TIMEOUTS;
        this.lost = lost;
        this.lastSeenNanos = nowNanos;
    }

    /** Checks for a leader; called every 100 ms by {@code timer}. */
    @Override
    public void poll(long nowNanos) {
        if (consensus.leader() != 0) {
            lastSeenNanos = nowNanos;
        } else if (nowNanos - lastSeenNanos >= patienceNanos) {
            lost.run();
        }
    }
}
