package io.quorate.wiring;

import io.quorate.proposal.LeadershipTransfer;
import io.quorate.server.MemberThreads;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops the member inside Spring's lifecycle: after all beans, before any port for clients or operators opens, and
 * the other way round.
 */
@Slf4j
@RequiredArgsConstructor
class RunLoopLifecycle implements SmartLifecycle {

    private final MemberThreads threads;
    private final LeadershipTransfer transfer;
    private final BooleanSupplier leads;
    private final Duration electionTimeout;
    private volatile boolean running;
    private volatile boolean silent;

    @Override
    public void start() {
        threads.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        if (!silent) {
            handOver();
        }
        threads.stop();
        log.info("all that was acknowledged is in the log on disk");
    }

    /** From now on a stop leaves without a word, as a member does that is killed: the others wait an election timeout. */
    void beSilent() {
        silent = true;
    }

    /** The clock of leases was moved: what is due is done now. */
    void timePassed() {
        threads.timePassed();
    }

    /** A leader that leaves without a word would cost the others an election timeout. */
    private void handOver() {
        boolean led = leads.getAsBoolean();
        try {
            // Twice the time, in case that the thread which ends the wait is the one that failed.
            transfer.handOver(electionTimeout).get(2 * electionTimeout.toMillis(), TimeUnit.MILLISECONDS);
            log.info(outcome(led));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("the leadership transfer failed: {}", e.toString());
        }
    }

    private String outcome(boolean led) {
        if (!led) {
            return "this member does not lead, so there is nothing to hand over";
        }
        return leads.getAsBoolean() ? "nobody can take the leadership over" : "the leadership is handed over";
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Phases.RUN_LOOP;
    }
}
