package io.quorate.wiring;

import io.quorate.base.Fault;
import io.quorate.membership.WrongClusterException;
import io.quorate.node.transport.Refusal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import lombok.RequiredArgsConstructor;

/**
 * Ends a member that others refuse for good: it was removed, or so many belong to another cluster that it would never have a
 * leader. One that has a leader stays, since an address may lead elsewhere for a while.
 */
@RequiredArgsConstructor
class PeerRefusals implements BiConsumer<Long, Refusal> {

    private final ClusterDirectory directory;
    private final Departure departure;
    private final long clusterId;
    private final BooleanSupplier hasLeader;
    private final Fault.Sink runLoop;
    private final Set<Long> strangers = ConcurrentHashMap.newKeySet();

    @Override
    public void accept(Long member, Refusal refusal) {
        switch (refusal) {
            case REMOVED -> departure.begin();
            case CLUSTER -> isStranger(member);
            case MALFORMED, VERSION, MEMBER -> {} // the dialler has said so, and tries again
        }
    }

    private void isStranger(long member) {
        strangers.add(member);
        Set<Long> members = directory.peers();
        strangers.retainAll(members);
        int left = members.size() - strangers.size();
        if (left <= members.size() / 2 && !hasLeader.getAsBoolean()) {
            String names = strangers.stream().map(Long::toHexString).sorted().collect(Collectors.joining(", "));
            runLoop.fatal(new WrongClusterException("The members " + names + " belong to another cluster than "
                    + Long.toHexString(clusterId) + ", which this member's settings lead to: initial-cluster or"
                    + " initial-cluster-token is another here than there."));
        }
    }
}
