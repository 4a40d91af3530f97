package io.quorate.proposal;

import io.quorate.base.MonotonicClock;
import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;

/** Which members this one is in touch with, and since when. */
public final class Connectivity {

    private final Membership membership;
    private final LongUnaryOperator activeSince;
    private final MonotonicClock clock;

    /**
     * @param activeSince since when a member can be reached, on the clock; 0 if it cannot
     */
    public Connectivity(Membership membership, LongUnaryOperator activeSince, MonotonicClock clock) {
        this.membership = membership;
        this.activeSince = activeSince;
        this.clock = clock;
    }

    /** Whether a member can be reached now; this one always can. */
    boolean isActive(long id) {
        return id == membership.localId() || activeSince.applyAsLong(id) != 0;
    }

    /** Whether a member could be reached all the time since then. */
    boolean isActiveSince(long id, long nanos) {
        long since = activeSince.applyAsLong(id);
        return id == membership.localId() || (since != 0 && since - nanos <= 0);
    }

    /** How many voters could be reached for so long. */
    long votersActiveFor(long nanos) {
        return votersActiveSince(clock.nanos() - nanos);
    }

    /** Whether a majority of the voters could be reached all the time since then. */
    boolean isQuorumActiveSince(long nanos) {
        return votersActiveSince(nanos) > voters().count() / 2;
    }

    private long votersActiveSince(long nanos) {
        return voters().filter(voter -> isActiveSince(voter.id(), nanos)).count();
    }

    private Stream<Member> voters() {
        return membership.members().stream().filter(member -> !member.isLearner());
    }

    /** The voter that can be reached for the longest time, other than this one; 0 if there is none. */
    long longestActiveVoter() {
        long now = clock.nanos();
        long best = 0;
        long bestNanos = -1;
        for (Member member : membership.members()) {
            long since = activeSince.applyAsLong(member.id());
            boolean candidate = !member.isLearner() && member.id() != membership.localId() && since != 0;
            if (candidate && now - since > bestNanos) {
                best = member.id();
                bestNanos = now - since;
            }
        }
        return best;
    }
}
