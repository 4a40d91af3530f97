package io.quorate.assembly;

import io.quorate.base.Delays;
import io.quorate.base.Metered;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.membership.Membership;
import io.quorate.proposal.Connectivity;
import io.quorate.proposal.IdGenerator;
import io.quorate.proposal.KnownLeader;
import io.quorate.proposal.LeadershipTransfer;
import io.quorate.proposal.LeaseForwarder;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.MembershipChanges;
import io.quorate.proposal.PeerCalls;
import io.quorate.proposal.PendingProposals;
import io.quorate.proposal.Proposer;
import io.quorate.proposal.SpaceAlarm;
import io.quorate.proposal.TimeoutCause;
import io.quorate.proto.AlarmType;
import io.quorate.server.Leadership;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.LongUnaryOperator;
import lombok.Getter;

/** What turns the wishes of clients into entries of the log, or into reads at a confirmed index. */
@Getter
public final class ProposalAssembly implements Metered {

    private final Delays delays;
    private final IdGenerator ids;
    private final LinearizableReader reader;
    private final Leadership leadership;
    private final KnownLeader view;
    private final Connectivity connectivity;
    private final TimeoutCause timeoutCause;
    private final PendingProposals pending;
    private final Proposer proposer;
    private final LeadershipTransfer transfer;
    private final MembershipChanges changes;
    private final LeaseForwarder leaseForwarder;
    private final SpaceAlarm spaceAlarm;

    /**
     * The other members.
     *
     * @param calls asks one of them
     * @param activeSince since when one of them can be reached, in nanoseconds of the monotonic clock; 0 if it cannot
     */
    public record Peers(PeerCalls calls, LongUnaryOperator activeSince) {}

    /**
     * What may differ.
     *
     * @param firstId the ids of this process begin there: at another place after each start
     * @param readers where linearizable readers go on
     * @param readersMax how many of them may wait
     */
    public record Options(
            long firstId,
            Duration electionTimeout,
            Proposer.Limits limits,
            Executor readers,
            int readersMax,
            MembershipChanges.Rules rules,
            String clusterToken,
            InstantSource timeOfDay) {}

    public ProposalAssembly(
            StateAssembly state, ConsensusAssembly consensus, Peers peers, Options options, MonotonicClock clock) {
        Membership membership = state.membership();
        Duration timeout = options.limits().timeout();
        long localId = membership.localId();
        delays = new Delays(clock);
        ids = new IdGenerator(localId, options.firstId());
        reader = new LinearizableReader(
                consensus.node(), consensus.waiters(), ids, clock, options.readers(), timeout, options.readersMax());
        leadership = new Leadership(consensus.state(), consensus.node(), reader);
        view = new KnownLeader(
                localId, consensus.state()::leader, leadership::ensure, consensus.state()::committedIndex);
        connectivity = new Connectivity(membership, peers.activeSince(), clock);
        timeoutCause = new TimeoutCause(view, connectivity, clock, options.electionTimeout());
        pending = new PendingProposals(deadline -> timeoutCause.of(deadline - timeout.toNanos()));
        proposer = new Proposer(consensus.node(), pending, ids, clock, () -> applyGap(consensus), options.limits());
        transfer = new LeadershipTransfer(membership, consensus.node(), view, connectivity, clock);
        changes = new MembershipChanges(
                membership,
                consensus.node(),
                pending,
                new MembershipChanges.Identifiers(ids, clock, options.timeOfDay(), options.clusterToken()),
                options.rules(),
                connectivity,
                new MembershipChanges.LeaderLink(view, peers.calls(), transfer));
        leaseForwarder =
                new LeaseForwarder(state.leases(), view, consensus.waiters(), peers.calls(), clock, delays, timeout);
        spaceAlarm = new SpaceAlarm(
                proposer, localId, () -> state.alarms().isRaised(AlarmType.NOSPACE), state.quota()::describe);
    }

    private static long applyGap(ConsensusAssembly consensus) {
        return consensus.state().committedIndex() - consensus.progress().appliedIndex();
    }

    @Override
    public void register(Meters meters) {
        pending.register(meters);
        reader.register(meters);
        changes.register(meters);
        meters.counter(
                "etcd_server_proposals_failed_total",
                "Proposals that ended without a result.",
                () -> proposer.failedCount() + pending.expiredCount());
    }
}
