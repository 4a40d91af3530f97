package io.quorate.assembly;

import io.quorate.apply.ApplierChain;
import io.quorate.apply.ApplyAll;
import io.quorate.apply.AuthRequests;
import io.quorate.apply.BackendApplier;
import io.quorate.apply.ConfChangeApplier;
import io.quorate.apply.EntryApplier;
import io.quorate.apply.ExecutionTimes;
import io.quorate.apply.FollowSteps;
import io.quorate.apply.SkippedEntries;
import io.quorate.apply.SnapshotInstaller;
import io.quorate.apply.StoredConfState;
import io.quorate.base.Agent;
import io.quorate.base.Metered;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.base.Tasks;
import io.quorate.base.Timed;
import io.quorate.lease.LeaseDuties;
import io.quorate.lease.LeaseRecord.LeaseCheckpoint;
import io.quorate.mvcc.Compaction;
import io.quorate.node.RaftEvents;
import io.quorate.node.snapshot.SnapshotDirectories;
import io.quorate.raft.Snapshot;
import io.quorate.server.ApplyJob;
import io.quorate.server.DeadlineClock;
import io.quorate.server.ErrorChannel;
import io.quorate.server.ExpiredLeases;
import io.quorate.server.FifoScheduler;
import io.quorate.server.LeadershipCallbacks;
import io.quorate.server.MemberThreads;
import io.quorate.server.Publisher;
import io.quorate.server.ReadyHandler;
import io.quorate.server.RunLoop;
import io.quorate.server.SnapshotSender;
import io.quorate.server.Snapshots;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import lombok.Getter;

/** The run loop and everything it drives: what is committed is applied, what has run out is revoked, what is old goes. */
@Getter
public final class ServerAssembly implements Metered {

    private static final Duration MAINTENANCE_STEP = Duration.ofMillis(10);

    private final Tasks maintenance;
    private final SnapshotSender transfers;
    private final Snapshots snapshots;
    private final ExpiredLeases expiredLeases;
    private final LeadershipCallbacks leadershipDuties;
    private final BackendApplier backendApplier;
    private final ApplierChain applier;
    private final EntryApplier entryApplier;
    private final ConfChangeApplier confChanges;
    private final FifoScheduler scheduler;
    private final RunLoop runLoop;
    private final Publisher publisher;
    private final DeadlineClock deadlines;
    private final ReadyHandler handler;
    private final MemberThreads.Agents agents;
    private final MemberThreads threads;

    /** The parts that come before. */
    public record Parts(StateAssembly state, ConsensusAssembly consensus, ProposalAssembly proposals) {}

    /**
     * How states travel between members.
     *
     * @param folders where they are on disk
     * @param copier writes a copy of this member's state into a new folder and tells what it contains
     * @param shipper brings it to another member
     */
    public record Shipping(
            SnapshotDirectories folders, Function<Path, Snapshot> copier, SnapshotSender.Shipper shipper) {}

    /**
     * How entries are applied.
     *
     * @param flush makes everything applied so far durable; may take long
     * @param skipped entries to pass over if they cannot be read
     * @param times measures executions
     * @param written takes how long each write to the database took, in nanoseconds
     */
    public record Applying(Runnable flush, SkippedEntries skipped, ExecutionTimes times, LongConsumer written) {}

    /**
     * What may differ.
     *
     * @param clientUrls what the member tells the cluster, with its name
     * @param jobsMax how many jobs may wait for the apply thread
     * @param duties what else happens as time passes
     */
    public record Options(
            Applying applying,
            Snapshots.Intervals snapshots,
            Duration electionTimeout,
            String name,
            List<String> clientUrls,
            int jobsMax,
            List<Timed> duties) {}

    /**
     * Wraps listeners between parts, so that meters and tests can observe them.
     *
     * @param rounds between the node and the handler of its rounds
     * @param duties between the leases and the run loop
     */
    public record Observing(UnaryOperator<RaftEvents> rounds, UnaryOperator<LeaseDuties> duties) {

        /** Observes nothing. */
        public static final Observing NOBODY = new Observing(UnaryOperator.identity(), UnaryOperator.identity());
    }

    public ServerAssembly(
            Parts parts,
            Shipping shipping,
            Options options,
            Observing observing,
            ErrorChannel errors,
            MonotonicClock clock) {
        StateAssembly state = parts.state();
        ConsensusAssembly consensus = parts.consensus();
        ProposalAssembly proposals = parts.proposals();
        maintenance = maintenance(state.store().compaction());
        transfers = new SnapshotSender(
                shipping.copier(), shipping.shipper(), shipping.folders(), consensus.node(), maintenance, clock);
        snapshots = new Snapshots(
                consensus.progress(),
                consensus.node(),
                options.applying().flush(),
                maintenance,
                errors,
                options.snapshots(),
                transfers::holdsLog,
                clock);
        leadershipDuties = new LeadershipCallbacks(
                consensus.state(), state.leases(), proposals.reader(), options.electionTimeout());
        backendApplier = new BackendApplier(
                state.headers(),
                state.leases(),
                state.store().compaction(),
                state.membership(),
                state.alarms(),
                new AuthRequests(state.auth(), state.tokens()),
                state.counters());
        applier = new ApplierChain(
                options.applying().times(),
                state.alarms(),
                state.quota(),
                state.auth(),
                state.leases(),
                proposals.spaceAlarm()::raise,
                new FollowSteps(state.headers(), state.following(), state.leases(), state.auth()),
                backendApplier);
        entryApplier = new EntryApplier(applier, options.applying().skipped());
        confChanges = confChanges(state, consensus);
        scheduler = new FifoScheduler(options.jobsMax());
        expiredLeases = new ExpiredLeases(proposals.leadership(), proposals.proposer(), state.auth());
        runLoop = new RunLoop(scheduler, applyJob(parts, shipping.folders(), options), expiredLeases, errors);
        publisher = new Publisher(
                state.membership(), consensus.state(), proposals.proposer(), options.name(), options.clientUrls());
        deadlines = deadlines(parts, options.duties(), clock);
        agents = agents(parts);
        threads = new MemberThreads(agents, proposals.pending(), proposals.reader(), errors);
        state.leaseDuties().connect(observing.duties().apply(new RunLoopDuties()));
        handler = readyHandler(parts);
        consensus.node().connect(observing.rounds().apply(handler));
    }

    private static Tasks maintenance(Compaction compaction) {
        Tasks tasks = new Tasks(
                "maintenance",
                () -> compaction.doWork() > 0
                        ? 0
                        : compaction.isIdle() ? Agent.UNTIL_WOKEN : MAINTENANCE_STEP.toNanos());
        compaction.onWork(tasks::wake);
        return tasks;
    }

    private static ConfChangeApplier confChanges(StateAssembly state, ConsensusAssembly consensus) {
        return new ConfChangeApplier(
                state.membership(),
                consensus.node()::confChangeApplied,
                consensus.start().core().status().confState(),
                StoredConfState.load(state.database()) == null);
    }

    private ApplyJob applyJob(Parts parts, SnapshotDirectories folders, Options options) {
        StateAssembly state = parts.state();
        ConsensusAssembly consensus = parts.consensus();
        ApplyAll applyAll = new ApplyAll(
                state.database(),
                state.scope(),
                state.store(),
                state.index(),
                entryApplier,
                confChanges,
                new ApplyAll.Listeners(
                        parts.proposals().pending(),
                        leadershipDuties::newTerm,
                        options.applying().written()));
        SnapshotInstaller installer = new SnapshotInstaller(
                state.database(),
                state.index(),
                folders,
                new SnapshotInstaller.State(
                        state.store(),
                        state.leases(),
                        state.membership(),
                        state.alarms(),
                        state.auth(),
                        state.following(),
                        state.watches(),
                        confChanges));
        return new ApplyJob(
                applyAll, consensus.progress(), consensus.waiters(), snapshots, consensus.node(), installer::install);
    }

    private DeadlineClock deadlines(Parts parts, List<Timed> more, MonotonicClock clock) {
        ProposalAssembly proposals = parts.proposals();
        List<LongConsumer> polls = new ArrayList<>(List.of(
                proposals.pending()::expire,
                proposals.reader()::poll,
                proposals.transfer()::expire,
                proposals.delays()::poll,
                now -> publisher.poll()));
        more.forEach(duty -> polls.add(duty::poll));
        return new DeadlineClock(parts.state().leases()::doWork, polls, clock);
    }

    private MemberThreads.Agents agents(Parts parts) {
        return new MemberThreads.Agents(
                runLoop,
                scheduler,
                maintenance,
                parts.consensus().node(),
                parts.consensus().writer(),
                deadlines,
                parts.state().watches(),
                parts.state().watchWaker());
    }

    private ReadyHandler readyHandler(Parts parts) {
        ProposalAssembly proposals = parts.proposals();
        return new ReadyHandler(
                parts.consensus().state(),
                runLoop,
                proposals.reader(),
                transfers,
                List.of(
                        leadershipDuties,
                        (leader, isLeader, changed) -> publisher.poll(),
                        (leader, isLeader, changed) -> proposals.transfer().leaderIs(leader),
                        (leader, isLeader, changed) -> {
                            if (isLeader && changed) {
                                proposals.timeoutCause().becameLeader();
                            }
                        }));
    }

    private final class RunLoopDuties implements LeaseDuties {

        @Override
        public boolean revoke(long term, List<Long> expired) {
            return runLoop.expired(term, expired);
        }

        @Override
        public void checkpoint(long term, List<LeaseCheckpoint> checkpoints) {
            expiredLeases.checkpoint(term, checkpoints);
        }
    }

    @Override
    public void register(Meters meters) {
        scheduler.register(meters);
        expiredLeases.register(meters);
        entryApplier.register(meters);
    }
}
