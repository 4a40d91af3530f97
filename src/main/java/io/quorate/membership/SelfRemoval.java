package io.quorate.membership;

import io.quorate.base.Delays;
import io.quorate.base.Fault;
import io.quorate.membership.MembershipException.MemberRemovedException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import lombok.RequiredArgsConstructor;

/**
 * Ends a member that was removed from its cluster, a moment after it has learned of it: the others hear from it that the removal
 * is committed, and may need its vote until they have stored that.
 */
@RequiredArgsConstructor
public final class SelfRemoval {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Membership membership;
    private final Fault.Sink runLoop;
    private final Delays delays;
    private final AtomicBoolean leaving = new AtomicBoolean();

    /**
     * Follows the changes of members from now on.
     *
     * @throws MemberRemovedException if this member was removed already
     */
    public void follow() {
        if (membership.isRemoved(membership.localId())) {
            throw new MemberRemovedException(membership.localId());
        }
        membership.onChange(this::check);
    }

    private void check() {
        if (membership.isRemoved(membership.localId())) {
            begin();
        }
    }

    /** Another member says so. */
    public void begin() {
        if (leaving.compareAndSet(false, true)) {
            delays.after(PAUSE, this::end);
        }
    }

    private void end() {
        runLoop.fatal(new MemberRemovedException(membership.localId()));
    }
}
