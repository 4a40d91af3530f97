/**
 * Leases: a time to live that clients keep extending, and the keys that are deleted when it runs out.
 *
 * <p>Which leases exist, their granted time and their keys are part of the replicated state: changed only by entries being
 * applied, the same on every member, stored through {@link io.quorate.lease.LeaseRepository}. When a lease expires is known
 * to the leader alone, whose {@link io.quorate.lease.LeaseManager} is called <i>primary</i>; on the others nothing ever
 * expires. A new leader gives every lease its full time again (or what the last checkpoint says) and an election timeout on
 * top, so a lease lives at least as long as its client was promised.
 *
 * <p><b>Threads.</b> The <i>apply</i> thread grants, revokes, attaches, detaches, applies checkpoints, promotes and
 * restores; demotion may come from any thread. The <i>timer</i> thread calls {@code doWork}. Any thread renews and
 * reads. One lock guards it all; it is held for moments, never while a {@link io.quorate.lease.LeaseDuties duty} or a waiting
 * renewal is called, and no other lock is taken under it.
 *
 * <p><b>Invariants.</b> A primary has every lease in the expiry queue exactly once, at or before its real expiry; the others
 * have none there. A renewal succeeds only for a lease that has not expired, and with checkpoints only after the log no
 * longer says that less than the full time is left.
 */
@NullMarked
package io.quorate.lease;

import org.jspecify.annotations.NullMarked;
