package io.quorate.server;

import io.quorate.base.Agent;
import io.quorate.base.AgentThread;
import io.quorate.base.Fault;
import io.quorate.base.Waker;
import io.quorate.node.ApplyPacket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import lombok.extern.slf4j.Slf4j;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The loop of a member: apply packets become FIFO jobs, expired leases are revoked, an error ends the member, stop ends
 * it in order. The counterpart of etcd's {@code EtcdServer.run}.
 *
 * <p>The queue of events needs no bound of its own: packets are bounded by the bytes that the core hands out before it
 * sees them confirmed, and there is at most one batch of expired leases under way.
 */
@Slf4j
public final class RunLoop implements Agent {

    private static final int CHUNK = 64;
    private static final int EVENTS_BEHIND = 1024;

    private final FifoScheduler scheduler;
    private final ApplyJob applyJob;
    private final ExpiredLeases expiredLeases;
    private final Path dataDirectory;
    private final Consumer<Throwable> exit;
    private final MpscUnboundedArrayQueue<LoopEvent> events = new MpscUnboundedArrayQueue<>(CHUNK);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Waker waker = new Waker();
    private boolean awaitsLog;

    /**
     * @param dataDirectory named in the message that a failed member leaves
     * @param exit ends the process after a fatal error; called once
     */
    public RunLoop(
            FifoScheduler scheduler,
            ApplyJob applyJob,
            ExpiredLeases expiredLeases,
            Path dataDirectory,
            Consumer<Throwable> exit) {
        this.scheduler = scheduler;
        this.applyJob = applyJob;
        this.expiredLeases = expiredLeases;
        this.dataDirectory = dataDirectory;
        this.exit = exit;
        scheduler.onSpace(waker::wake);
    }

    @Override
    public String name() {
        return "run-loop";
    }

    void attach(AgentThread own) {
        waker.attach(own);
    }

    /** Hands in a packet; packets are applied in the order of these calls. */
    public void apply(ApplyPacket packet) {
        submit(new LoopEvent.Apply(packet));
    }

    /** Hands in leases that ran out while this member led in the term; false while the loop is behind, to offer them again. */
    public boolean expired(long term, List<Long> leases) {
        if (events.size() > EVENTS_BEHIND) {
            return false;
        }
        submit(new LoopEvent.Expired(term, leases));
        return true;
    }

    /** The error channel: the first error counts, the member stops. Never blocks. */
    public void failed(Throwable cause) {
        if (failure.compareAndSet(null, cause)) {
            submit(new LoopEvent.Failed(cause));
            if (!waker.isAlive()) {
                fail(cause);
            }
        }
    }

    /** What ended the member; null while it is well. */
    public @Nullable Throwable failure() {
        return failure.get();
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
        LoopEvent event = events.peek();
        if (event == null) {
            return UNTIL_WOKEN;
        }
        boolean done = switch (event) {
            case LoopEvent.Apply(ApplyPacket packet) ->
                isDurable(packet) && scheduler.schedule(() -> applyJob.run(packet));
            case LoopEvent.Expired(long term, List<Long> leases) -> {
                expiredLeases.revoke(term, leases);
                yield true;
            }
            case LoopEvent.Failed(Throwable cause) -> fail(cause);
        };
        if (!done) {
            return UNTIL_WOKEN;
        }
        events.poll();
        return 0;
    }

    /** A state must not be installed before the log says so; until then the packet, and with it all later ones, waits. */
    private boolean isDurable(ApplyPacket packet) {
        if (packet.snapshot() == null || packet.persisted().isDone()) {
            awaitsLog = false;
            return true;
        }
        if (!awaitsLog) { // asked again on every round; one callback will do
            awaitsLog = true;
            CompletionStage<Void> unused = packet.persisted().thenRun(waker::wake);
        }
        return false;
    }

    /** The loop ends the member, or whoever reports the error when the loop does not run; not both. */
    private boolean fail(Throwable cause) {
        if (!ended.compareAndSet(false, true)) {
            return true;
        }
        String reason = cause instanceof Fault ? cause.getMessage() : cause.toString();
        log.error("the member stops after a fatal error: {}", reason, cause);
        log.error("{}", Advice.after(cause, dataDirectory));
        exit.accept(cause);
        return true;
    }
}
