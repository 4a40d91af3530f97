package io.quorate.server;

import io.quorate.base.Agent;
import io.quorate.base.AgentThread;
import io.quorate.base.Waker;
import io.quorate.node.ApplyPacket;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jctools.queues.MpscUnboundedArrayQueue;

/**
 * The loop of a member: apply packets become FIFO jobs, expired leases are revoked, an error ends the member, stop ends
 * it in order. The counterpart of etcd's {@code EtcdServer.run}.
 *
 * <p>A packet that can be scheduled becomes a job on the thread that brings it; only one that has to wait, for room among the
 * jobs or for the log, goes through the loop, and so do those behind it.
 *
 * <p>The queue of events needs no bound of its own: packets are bounded by the bytes that the core hands out before it
 * sees them confirmed, and there is at most one batch of expired leases under way.
 */
public final class RunLoop implements Agent {

    private static final int CHUNK = 64;
    private static final int EVENTS_BEHIND = 1024;

    private final FifoScheduler scheduler;
    private final ApplyJob applyJob;
    private final ExpiredLeases expiredLeases;
    private final ErrorChannel errors;
    private final MpscUnboundedArrayQueue<LoopEvent> events = new MpscUnboundedArrayQueue<>(CHUNK);

    /** Packets among the events. The raft-node thread adds, the loop removes: at 0 the next one overtakes none. */
    private final AtomicInteger waitingPackets = new AtomicInteger();

    private final Waker waker = new Waker();
    private boolean awaitsLog;

    public RunLoop(FifoScheduler scheduler, ApplyJob applyJob, ExpiredLeases expiredLeases, ErrorChannel errors) {
        this.scheduler = scheduler;
        this.applyJob = applyJob;
        this.expiredLeases = expiredLeases;
        this.errors = errors;
        scheduler.onSpace(this::spaceAmongJobs);
    }

    @Override
    public String name() {
        return "run-loop";
    }

    void attach(AgentThread own) {
        waker.attach(own);
        errors.attach(own);
    }

    /** Hands in a packet; packets are applied in the order of these calls, which one thread makes: {@code raft-node}. */
    void apply(ApplyPacket packet) {
        if (waitingPackets.get() > 0 || !isDurable(packet) || !schedule(packet)) {
            waitingPackets.incrementAndGet();
            submit(new LoopEvent.Apply(packet));
        }
    }

    /** Hands in leases that ran out while this member led in the term; false while the loop is behind, to offer them again. */
    public boolean expired(long term, List<Long> leases) {
        if (events.size() > EVENTS_BEHIND) {
            return false;
        }
        submit(new LoopEvent.Expired(term, leases));
        return true;
    }

    /** Events that wait for the loop. */
    public int pending() {
        return events.size();
    }

    private void submit(LoopEvent event) {
        events.offer(event);
        waker.wake();
    }

    @Override
    public long doWork() {
        if (errors.endIfFailed()) {
            return UNTIL_WOKEN;
        }
        LoopEvent event = events.peek();
        if (event == null || !isDone(event)) {
            return UNTIL_WOKEN;
        }
        events.poll();
        return 0;
    }

    private boolean isDone(LoopEvent event) {
        return switch (event) {
            case LoopEvent.Apply(ApplyPacket packet) -> {
                boolean scheduled = isDurableOrWakes(packet) && schedule(packet);
                if (scheduled) {
                    waitingPackets.decrementAndGet();
                }
                yield scheduled;
            }
            case LoopEvent.Expired(long term, List<Long> leases) -> {
                expiredLeases.revoke(term, leases);
                yield true;
            }
        };
    }

    private boolean schedule(ApplyPacket packet) {
        return scheduler.schedule(() -> applyJob.run(packet));
    }

    private void spaceAmongJobs() {
        if (waitingPackets.get() > 0) {
            waker.wake();
        }
    }

    /** A state must not be installed before the log says so; until then the packet, and with it all later ones, waits. */
    private static boolean isDurable(ApplyPacket packet) {
        return packet.snapshot() == null || packet.persisted().isDone();
    }

    private boolean isDurableOrWakes(ApplyPacket packet) {
        if (isDurable(packet)) {
            awaitsLog = false;
            return true;
        }
        if (!awaitsLog) { // asked again on every round; one callback will do
            awaitsLog = true;
            CompletionStage<Void> unused = packet.persisted().thenRun(waker::wake);
        }
        return false;
    }

    /** What waits for the run loop. Errors come through the {@link ErrorChannel}; stopping is the end of its thread. */
    sealed interface LoopEvent {

        /** Something to apply. */
        record Apply(ApplyPacket packet) implements LoopEvent {}

        /** Leases that ran out under the leader of a term. */
        record Expired(long term, List<Long> leases) implements LoopEvent {}
    }
}
