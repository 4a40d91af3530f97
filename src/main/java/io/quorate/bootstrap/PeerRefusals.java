package io.quorate.bootstrap;

import io.quorate.base.Fault;
import io.quorate.base.MonotonicClock;
import io.quorate.base.Throttle;
import io.quorate.membership.MembershipException.WrongClusterException;
import io.quorate.membership.SelfRemoval;
import io.quorate.node.transport.Refusal;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import lombok.extern.slf4j.Slf4j;

/**
 * Ends a member that others refuse for good: so many say that it was removed, or that they belong to another cluster, that it
 * would never have a leader. One that has a leader stays: an address may lead elsewhere for a while, and a single member that
 * was forced to go on alone takes all others for removed.
 */
@Slf4j
public final class PeerRefusals implements BiConsumer<Long, Refusal> {

    private static final Duration REPORT_EVERY = Duration.ofMinutes(1);

    private final ClusterDirectory directory;
    private final SelfRemoval departure;
    private final long clusterId;
    private final BooleanSupplier hasLeader;
    private final Fault.Sink runLoop;
    private final Throttle reports;
    private final Set<Long> strangers = ConcurrentHashMap.newKeySet();
    private final Set<Long> removing = ConcurrentHashMap.newKeySet();

    public PeerRefusals(
            ClusterDirectory directory,
            SelfRemoval departure,
            long clusterId,
            BooleanSupplier hasLeader,
            Fault.Sink runLoop,
            MonotonicClock clock) {
        this.directory = directory;
        this.departure = departure;
        this.clusterId = clusterId;
        this.hasLeader = hasLeader;
        this.runLoop = runLoop;
        this.reports = new Throttle(REPORT_EVERY, clock);
    }

    @Override
    public void accept(Long member, Refusal refusal) {
        switch (refusal) {
            case REMOVED -> {
                if (!refused(removing, member, departure::begin)) {
                    report(member);
                }
            }
            case CLUSTER -> {
                boolean unused = refused(strangers, member, this::end);
            }
            case MALFORMED, VERSION, MEMBER, FORGOTTEN -> {} // the dialler has said so, and tries again
        }
    }

    /** Acts once so many members refuse this one that the rest is no majority, and says whether it did. */
    private boolean refused(Set<Long> refusing, long member, Runnable end) {
        refusing.add(member);
        Set<Long> members = directory.peers();
        refusing.retainAll(members);
        int left = members.size() - refusing.size();
        boolean ends = left <= members.size() / 2 && !hasLeader.getAsBoolean();
        if (ends) {
            end.run();
        }
        return ends;
    }

    /** The others may be down for good, so that they never say the same. */
    private void report(long member) {
        if (!hasLeader.getAsBoolean() && reports.admit() != Throttle.HELD_BACK) {
            log.error(
                    "member {} says that this member was removed from the cluster; if that is right, stop it and empty its"
                            + " directory",
                    directory.name(member));
        }
    }

    private void end() {
        String names = strangers.stream().map(directory::name).sorted().collect(Collectors.joining(", "));
        runLoop.fatal(new WrongClusterException("The members " + names + " belong to another cluster than "
                + Long.toHexString(clusterId) + ", which this member's settings lead to: initial-cluster or"
                + " initial-cluster-token is another here than there."));
    }
}
