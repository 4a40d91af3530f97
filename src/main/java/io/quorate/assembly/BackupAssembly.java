package io.quorate.assembly;

import io.quorate.backup.archive.Seal;
import io.quorate.backup.archive.Writing;
import io.quorate.backup.schedule.BackupAgent;
import io.quorate.backup.schedule.BackupOptions;
import io.quorate.backup.schedule.BackupProgress;
import io.quorate.backup.schedule.BackupSource;
import io.quorate.backup.store.BackupStore;
import io.quorate.base.AgentThread;
import io.quorate.base.Fault;
import io.quorate.base.Metered;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.membership.Membership;
import io.quorate.mvcc.HashKv;
import io.quorate.mvcc.MvccException.CompactedException;
import io.quorate.mvcc.MvccException.FutureRevisionException;
import io.quorate.mvcc.MvccException.LoadingException;
import io.quorate.mvcc.MvccStore;
import io.quorate.storage.Database;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import lombok.Getter;

/** The backups that a member makes, with their two threads: {@code backup}, and {@code backup-full} while it has work. */
public final class BackupAssembly implements Metered {

    private static final long LEADERSHIP_SECONDS = 5;
    private static final long IDLE_SECONDS = 10;

    @Getter
    private final BackupProgress progress;

    @Getter
    private final BackupAgent agent;

    private final BackupStore store;
    private final ThreadPoolExecutor heavy;
    private final AgentThread thread;

    /** The parts that come before. */
    public record Parts(StateAssembly state, ConsensusAssembly consensus, ProposalAssembly proposals) {}

    /** @param store is closed by this */
    public BackupAssembly(
            Parts parts,
            BackupStore store,
            Seal seal,
            boolean compress,
            BackupOptions options,
            Fault.Sink faults,
            MonotonicClock clock) {
        this.store = store;
        this.progress = new BackupProgress(clock);
        this.heavy = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), BackupAssembly::thread);
        heavy.allowCoreThreadTimeOut(true);
        Membership membership = parts.state().membership();
        this.agent = new BackupAgent(
                source(parts),
                store,
                new Writing(seal, compress, Database.FORMAT, membership.localId()),
                options,
                progress,
                heavy,
                clock,
                InstantSource.system());
        this.thread = new AgentThread(agent, faults);
    }

    private static Thread thread(Runnable work) {
        return Thread.ofPlatform().name("backup-full").daemon(true).unstarted(work);
    }

    private static BackupSource source(Parts parts) {
        StateAssembly state = parts.state();
        MvccStore store = state.store();
        return new BackupSource(
                state.membership().clusterId(),
                state.membership().localId(),
                state.database(),
                () -> seemsToLead(parts),
                () -> leads(parts.proposals()),
                parts.consensus().progress()::appliedIndex,
                store::currentRevision,
                state.counters()::putBytes,
                revision -> hash(store, revision));
    }

    /** The first entry of its own term is applied behind all that earlier leaders have committed. */
    private static boolean seemsToLead(Parts parts) {
        ConsensusAssembly consensus = parts.consensus();
        return consensus.state().isLeader()
                && consensus.progress().appliedTerm()
                        == consensus.node().status().term()
                && !parts.state().store().isLoading();
    }

    private static boolean leads(ProposalAssembly proposals) {
        try {
            return proposals.view().ensured().get().get(LEADERSHIP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException unknown) {
            return false;
        }
    }

    private static Optional<HashKv.Result> hash(MvccStore store, long revision) {
        try {
            return Optional.of(store.hashKv(revision));
        } catch (CompactedException | FutureRevisionException | LoadingException other) {
            return Optional.empty();
        }
    }

    /** Starts the threads; once. */
    public void start() {
        thread.start();
    }

    /** Gives up what is under way and ends the threads. */
    public void stop() {
        agent.cancel();
        heavy.shutdownNow();
        thread.close();
        store.close();
    }

    @Override
    public void register(Meters meters) {
        progress.register(meters);
    }
}
