package io.quorate.server;

import static io.quorate.fixture.Expected.untouched;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.Agent;
import io.quorate.base.AgentThread;
import io.quorate.base.Fault;
import io.quorate.fixture.Steps;
import io.quorate.node.ApplyPacket;
import io.quorate.raft.ConfState;
import io.quorate.raft.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** In which order packets become jobs, and which of them have to wait. Each brings a snapshot, by which it is known. */
class RunLoopPacketTests {

    private static final CompletableFuture<Void> PERSISTED = CompletableFuture.completedFuture(null);
    private static final int JOBS_MAX = 2;
    private static final int EVENTS_BEHIND = 1024;

    private final List<Long> applied = new ArrayList<>();
    private final List<Throwable> exits = new ArrayList<>();
    private final ErrorChannel errors = new ErrorChannel(Path.of("m1.etcd"), failure -> 7, exits::add);
    private final FifoScheduler scheduler = new FifoScheduler(JOBS_MAX);
    private final RunLoop loop = new RunLoop(scheduler, job(), untouched(), errors);

    /** Ends a job once the snapshot was handed over; the rest is not looked at here. */
    private static final class HandedOver extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    private ApplyJob job() {
        return new ApplyJob(
                untouched(), new ApplyProgress(Snapshot.EMPTY), untouched(), untouched(), untouched(), snapshot -> {
                    applied.add(snapshot.index());
                    throw new HandedOver();
                });
    }

    private void apply(long index) {
        apply(index, PERSISTED);
    }

    private void apply(long index, CompletableFuture<Void> persisted) {
        Snapshot snapshot = new Snapshot(index, 1, ConfState.EMPTY, new byte[0]);
        loop.apply(new ApplyPacket(snapshot, List.of(), persisted, null, 0));
    }

    private void runJobs() {
        while (scheduler.pending() > 0) {
            try {
                scheduler.doWork();
            } catch (HandedOver e) {
                assertThat(applied).isNotEmpty();
            }
        }
    }

    private void runLoop() {
        while (loop.doWork() == 0) {
            assertThat(loop.pending()).isNotNegative();
        }
    }

    @Test
    void applyWhenThereIsRoomMakesAJobAtOnce() {
        apply(1);
        apply(2);
        assertThat(scheduler.pending()).isEqualTo(2);
        assertThat(loop.pending()).isZero();
        runJobs();
        assertThat(applied).containsExactly(1L, 2L);
    }

    @Test
    void applyWhenThereIsNoRoomKeepsThePacketAndTheOrder() {
        for (long index = 1; index <= 5; index++) {
            apply(index);
        }
        assertThat(scheduler.pending()).isEqualTo(JOBS_MAX);
        assertThat(loop.pending()).isEqualTo(3);
        assertThat(loop.doWork()).as("no room yet").isEqualTo(Agent.UNTIL_WOKEN);
        runJobs();
        runLoop();
        assertThat(loop.pending()).isEqualTo(1);
        apply(6);
        runJobs();
        runLoop();
        runJobs();
        assertThat(applied).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        apply(7);
        assertThat(loop.pending()).as("nothing waits any more").isZero();
    }

    /** A state that is installed before the log says so would be ahead of the log after a crash. */
    @Test
    void applyWhenTheLogHasNotStoredTheSnapshotWaitsWithAllBehindIt() {
        CompletableFuture<Void> persisted = new CompletableFuture<>();
        apply(1, persisted);
        apply(2);
        assertThat(scheduler.pending()).isZero();
        assertThat(loop.doWork()).isEqualTo(Agent.UNTIL_WOKEN);
        assertThat(loop.doWork()).isEqualTo(Agent.UNTIL_WOKEN);
        assertThat(loop.pending()).isEqualTo(2);
        persisted.complete(null);
        runLoop();
        runJobs();
        assertThat(applied).containsExactly(1L, 2L);
    }

    @Test
    void applyWhenOnlyEntriesComeDoesNotWaitForTheLog() {
        loop.apply(new ApplyPacket(null, List.of(), new CompletableFuture<>(), null, 0));
        assertThat(scheduler.pending()).isEqualTo(1);
        assertThat(loop.pending()).isZero();
    }

    @Test
    void expiredWhenTheLoopIsBehindIsRefused() {
        for (int event = 0; event <= EVENTS_BEHIND; event++) {
            assertThat(loop.expired(1, List.of(1L))).isTrue();
        }
        assertThat(loop.expired(1, List.of(1L))).isFalse();
        assertThat(loop.pending()).isEqualTo(EVENTS_BEHIND + 1);
    }

    @Test
    void doWorkWhenAnErrorWasReportedEndsTheMemberFirst() {
        apply(1, new CompletableFuture<>());
        errors.fatal(new Fault("broken"));
        assertThat(loop.doWork()).isEqualTo(Agent.UNTIL_WOKEN);
        assertThat(exits).hasSize(1);
        assertThat(errors.failure()).isEqualTo(exits.getFirst());
    }

    private AgentThread started() {
        AgentThread thread = new AgentThread(loop, exits::add);
        loop.attach(thread);
        thread.start();
        return thread;
    }

    @Test
    void applyWhenTheLoopRestsWakesItOnceTheLogIsDone() {
        try (AgentThread thread = started()) {
            CompletableFuture<Void> persisted = new CompletableFuture<>();
            apply(1, persisted);
            assertThat(scheduler.pending()).isZero();
            persisted.complete(null);
            Steps.until(() -> scheduler.pending() == 1);
            assertThat(thread.isAlive()).isTrue();
        }
    }

    @Test
    void applyWhenTheLoopRestsWakesItOnceThereIsRoom() {
        scheduler.schedule(() -> {});
        scheduler.schedule(() -> {});
        try (AgentThread thread = started()) {
            apply(1);
            assertThat(loop.pending()).isEqualTo(1);
            scheduler.doWork();
            Steps.until(() -> loop.pending() == 0);
            assertThat(scheduler.pending()).isEqualTo(JOBS_MAX);
            assertThat(thread.isAlive()).isTrue();
        }
    }

    @Test
    void fatalWhenTheLoopRestsWakesIt() {
        try (AgentThread thread = started()) {
            errors.fatal(new Fault("broken"));
            Steps.until(() -> !exits.isEmpty());
            assertThat(thread.isAlive()).isTrue();
        }
    }
}
