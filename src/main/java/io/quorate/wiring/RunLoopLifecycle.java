package io.quorate.wiring;

import io.quorate.base.Fault;
import io.quorate.proposal.LeaderTransfer;
import io.quorate.server.MemberThreads;
import io.quorate.server.Publisher;
import io.quorate.server.RunLoop;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops the member inside Spring's lifecycle: after all beans, before the client port opens, and the other way
 * round. Starting returns when the cluster knows this member, since clients are served only then.
 */
@Slf4j
@RequiredArgsConstructor
class RunLoopLifecycle implements SmartLifecycle {

    private static final Duration REPORT_EVERY = Duration.ofSeconds(10);

    private final MemberThreads threads;
    private final Publisher publisher;
    private final RunLoop runLoop;
    private final LeaderTransfer transfer;
    private final Duration electionTimeout;
    private volatile boolean running;

    @Override
    public void start() {
        threads.start();
        running = true;
        boolean unused = ShutdownInterrupt.run(this::awaitPublished);
    }

    private void awaitPublished() throws InterruptedException {
        while (true) {
            Throwable failure = runLoop.failure();
            if (failure != null) {
                throw new Fault("the member failed while it started: " + failure.getMessage(), failure);
            }
            try {
                publisher.published().get(REPORT_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                log.warn("waiting for a leader before serving clients");
            } catch (ExecutionException e) {
                throw new Fault("the member could not make itself known", e);
            }
        }
    }

    @Override
    public void stop() {
        running = false;
        handOver();
        threads.stop();
    }

    /** A leader that leaves without a word would cost the others an election timeout. */
    private void handOver() {
        try {
            // Twice the time, in case that the thread which ends the wait is the one that failed.
            transfer.handOver(electionTimeout).get(2 * electionTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("the leadership could not be handed over: {}", e.toString());
        }
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
