package io.quorate.bootstrap;

import io.quorate.base.Fault;
import io.quorate.membership.SelfRemoval;
import io.quorate.membership.WrongClusterException;
import io.quorate.node.transport.Refusal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import lombok.RequiredArgsConstructor;

/**
 * Ends a member that others refuse for good: so many say that it was removed, or that they belong to another cluster, that it
 * would never have a leader. One that has a leader stays: an address may lead elsewhere for a while, and a single member that
 * was forced to go on alone takes all others for removed.
 */
@RequiredArgsConstructor
public final class PeerRefusals implements BiConsumer<Long, Refusal> {

    private final ClusterDirectory directory;
    private final SelfRemoval departure;
    private final long clusterId;
    private final BooleanSupplier hasLeader;
    private final Fault.Sink runLoop;
    private final Set<Long> strangers = ConcurrentHashMap.newKeySet();
    private final Set<Long> removing = ConcurrentHashMap.newKeySet();

    @Override
    public void accept(Long member, Refusal refusal) {
        switch (refusal) {
            case REMOVED -> refused(removing, member, departure::begin);
            case CLUSTER -> refused(strangers, member, this::end);
            case MALFORMED, VERSION, MEMBER, FORGOTTEN -> {} // the dialler has said so, and tries again
        }
    }

    /** Acts once so many members refuse this one that the rest is no majority. */
    private void refused(Set<Long> refusing, long member, Runnable end) {
        refusing.add(member);
        Set<Long> members = directory.peers();
        refusing.retainAll(members);
        int left = members.size() - refusing.size();
        if (left <= members.size() / 2 && !hasLeader.getAsBoolean()) {
            end.run();
        }
    }

    private void end() {
        String names = strangers.stream().map(Long::toHexString).sorted().collect(Collectors.joining(", "));
        runLoop.fatal(new WrongClusterException("The members " + names + " belong to another cluster than "
                + Long.toHexString(clusterId) + ", which this member's settings lead to: initial-cluster or"
                + " initial-cluster-token is another here than there."));
    }
}
