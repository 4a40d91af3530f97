package io.quorate.membership;

import io.quorate.base.Fault;
import io.quorate.membership.MembershipException.MemberRemovedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import lombok.RequiredArgsConstructor;

/**
 * Ends a member that was removed from its cluster, a moment after it has learned of it: the others hear from it that the removal
 * is committed, and may need its vote until they have stored that.
 */
@RequiredArgsConstructor
public final class SelfRemoval {

    private static final long PAUSE_SECONDS = 1;

    private final Membership membership;
    private final Fault.Sink runLoop;
    private final AtomicBoolean leaving = new AtomicBoolean();

    /** Looks whether this member is still one; called after every change. */
    public void check() {
        if (membership.isRemoved(membership.localId())) {
            begin();
        }
    }

    /** Another member says so. */
    public void begin() {
        if (leaving.compareAndSet(false, true)) {
            Executor later = CompletableFuture.delayedExecutor(PAUSE_SECONDS, TimeUnit.SECONDS);
            later.execute(this::end);
        }
    }

    private void end() {
        runLoop.fatal(new MemberRemovedException(membership.localId()));
    }
}
