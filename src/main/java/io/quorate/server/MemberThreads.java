package io.quorate.server;

import io.quorate.base.Agent;
import io.quorate.base.AgentThread;
import io.quorate.base.Tasks;
import io.quorate.base.Waker;
import io.quorate.node.LogWriter;
import io.quorate.node.RaftNode;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.PendingProposals;
import java.util.List;
import lombok.extern.slf4j.Slf4j;

/**
 * All threads of a member, in one place: started upwards from the disk, stopped in the order of etcd's deferred clean-up.
 *
 * <p>Order of the stop: no new waits; the scheduler takes no more jobs and finishes those it has; jobs in the background
 * end; then Raft, whose log stays open until its last write is durable; then leases and watchers. The database is closed
 * after all of that by its owner.
 */
@Slf4j
public final class MemberThreads {

    private final PendingProposals pending;
    private final LinearizableReader reader;
    private final FifoScheduler scheduler;
    private final AgentThread runLoop;
    private final AgentThread apply;
    private final AgentThread maintenance;
    private final AgentThread raft;
    private final AgentThread wal;
    private final AgentThread leases;
    private final AgentThread watches;

    /** The agents of a member. */
    public record Agents(
            RunLoop runLoop,
            FifoScheduler scheduler,
            Tasks maintenance,
            RaftNode node,
            LogWriter writer,
            Agent leases,
            Agent watches,
            Waker watchWaker) {

        /** All of them, each before the one that it hands most of its work to. */
        public List<Agent> all() {
            return List.of(node, writer, runLoop, scheduler, maintenance, leases, watches);
        }
    }

    /** @param faults gets what a thread cannot survive */
    public MemberThreads(Agents agents, PendingProposals pending, LinearizableReader reader, ErrorChannel faults) {
        this.pending = pending;
        this.reader = reader;
        this.scheduler = agents.scheduler();
        this.runLoop = new AgentThread(agents.runLoop(), faults);
        this.apply = new AgentThread(agents.scheduler(), faults);
        this.maintenance = new AgentThread(agents.maintenance(), faults);
        this.raft = new AgentThread(agents.node(), faults);
        this.wal = new AgentThread(agents.writer(), faults);
        this.leases = new AgentThread(agents.leases(), faults);
        this.watches = new AgentThread(agents.watches(), faults);
        agents.runLoop().attach(runLoop);
        agents.scheduler().attach(apply);
        agents.maintenance().attach(maintenance);
        agents.node().attach(raft);
        agents.writer().attach(wal);
        agents.watchWaker().attach(watches);
    }

    /** Starts everything; the member then takes part in its cluster. */
    public void start() {
        List.of(wal, apply, runLoop, maintenance, watches, raft, leases).forEach(AgentThread::start);
    }

    /** Stops everything; returns when the last acknowledged write is durable and no thread runs any more. */
    public void stop() {
        long started = System.nanoTime();
        pending.close();
        reader.close();
        runLoop.close();
        scheduler.stop();
        apply.close();
        maintenance.close();
        raft.close();
        wal.close();
        leases.close();
        watches.close();
        log.info("the member's threads stopped in {} ms", (System.nanoTime() - started) / 1_000_000);
    }

    /** A clock was moved: the thread {@code timer} looks for what is due without waiting. Any thread. */
    public void timePassed() {
        leases.wake();
    }

    /** Whether all threads that must run do; the answer of the liveness probe. */
    public boolean areAlive() {
        return List.of(wal, apply, runLoop, raft).stream().allMatch(AgentThread::isAlive);
    }
}
