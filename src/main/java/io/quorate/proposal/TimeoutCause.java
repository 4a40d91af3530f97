package io.quorate.proposal;

import io.quorate.base.MonotonicClock;
import io.quorate.base.RequestError;
import java.time.Duration;

/**
 * Tells why a proposal probably got no result (docs/etcd-v3.md, section 7.7). It may be applied nevertheless; the texts leave that
 * open.
 */
public final class TimeoutCause {

    private final KnownLeader view;
    private final Connectivity connectivity;
    private final MonotonicClock clock;
    private final Duration electionTimeout;
    private volatile long electedNanos;
    private volatile boolean elected;

    public TimeoutCause(KnownLeader view, Connectivity connectivity, MonotonicClock clock, Duration electionTimeout) {
        this.view = view;
        this.connectivity = connectivity;
        this.clock = clock;
        this.electionTimeout = electionTimeout;
    }

    /** This member became leader. */
    public void becameLeader() {
        electedNanos = clock.nanos();
        elected = true;
    }

    /** The error for a proposal that was made at that time. */
    public RequestError of(long startedNanos) {
        long lost = electedNanos - 2 * electionTimeout.toNanos();
        if (elected && startedNanos - lost > 0 && startedNanos - electedNanos < 0) {
            return RequestError.TIMEOUT_LEADER_FAILURE;
        }
        long leader = view.leader().getAsLong();
        boolean connected = leader == 0
                || (view.isLocal()
                        ? connectivity.isQuorumActiveSince(startedNanos)
                        : connectivity.isActiveSince(leader, startedNanos));
        return connected ? RequestError.TIMEOUT : RequestError.TIMEOUT_CONNECTION_LOST;
    }
}
