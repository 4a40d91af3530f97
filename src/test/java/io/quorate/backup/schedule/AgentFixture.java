package io.quorate.backup.schedule;

import io.quorate.backup.BackedUpState;
import io.quorate.backup.archive.ArchiveCheck;
import io.quorate.backup.archive.ArchiveListing;
import io.quorate.backup.archive.RestorePlan;
import io.quorate.backup.archive.RestoreTarget;
import io.quorate.backup.archive.Seal;
import io.quorate.backup.archive.Writing;
import io.quorate.backup.store.BackupStore;
import io.quorate.fixture.ManualClock;
import io.quorate.storage.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** An agent of a member whose clock, leadership and thread for heavy work are moved by the test. */
final class AgentFixture implements AutoCloseable {

    static final long CLUSTER = 0xabcdef;
    static final Duration INTERVAL = Duration.ofSeconds(5);

    final BackedUpState state;
    final BackupStore store;
    final ManualClock clock = new ManualClock();
    final Deque<Runnable> heavy = new ArrayDeque<>();
    final BackupProgress progress;
    final BackupAgent agent;
    final Path scratch;
    private final Instant start;
    private final long startNanos = clock.nanos();
    final Seal seal;
    /** How far the clock on the wall is off. */
    Duration wallOff = Duration.ZERO;

    boolean leads = true;
    boolean loading;
    long written;

    /** How often the others were asked who leads. */
    int questions;

    AgentFixture(Path directory, BackupStore store) {
        this(new BackedUpState(directory.resolve("db")), store, directory, Instant.parse("2026-11-30T10:00:00Z"));
    }

    AgentFixture(BackedUpState state, BackupStore store, Path directory, Instant start) {
        this(state, store, directory, start, Seal.NONE);
    }

    AgentFixture(BackedUpState state, BackupStore store, Path directory, Instant start, Seal seal) {
        this.state = state;
        this.seal = seal;
        this.store = store;
        this.start = start;
        this.scratch = directory.resolve("scratch");
        this.progress = new BackupProgress(clock);
        this.agent = new BackupAgent(
                source(),
                store,
                new Writing(seal, true, Database.FORMAT, 1),
                new BackupOptions(
                        AgentFixture::twoInTheMorning,
                        1 << 20,
                        INTERVAL,
                        64 << 10,
                        2,
                        Duration.ofDays(3),
                        AgentFixture::halfPast,
                        scratch),
                progress,
                heavy::add,
                clock,
                this::now);
    }

    private BackupSource source() {
        return new BackupSource(
                CLUSTER,
                1,
                state.database(),
                () -> leads && !loading,
                () -> {
                    questions++;
                    return leads;
                },
                state::applied,
                state::revision,
                () -> written,
                revision -> Optional.of(state.hashKv(revision)));
    }

    Instant now() {
        return start.plusNanos(clock.nanos() - startNanos).plus(wallOff);
    }

    /** One round of the agent, and all heavy work that it started. */
    void step() {
        long unused = agent.doWork();
        runHeavy();
    }

    void runHeavy() {
        while (!heavy.isEmpty()) {
            heavy.poll().run();
        }
    }

    /** Lets time pass until the next segment is due, and makes a round. */
    void interval() {
        clock.advance(INTERVAL);
        step();
    }

    ArchiveListing listing() {
        return new ArchiveListing(store, CLUSTER, seal);
    }

    RestorePlan plan(RestoreTarget target) throws IOException {
        return RestorePlan.of(listing(), target);
    }

    /** Restores and compares with what the member says now. */
    ArchiveCheck.Report verify() throws IOException {
        return new ArchiveCheck(store, seal, scratch)
                .run(plan(new RestoreTarget.Newest()), revision -> Optional.of(state.hashKv(revision)));
    }

    @Override
    public void close() {
        state.close();
    }

    private static Instant twoInTheMorning(Instant behind) {
        Instant today = behind.truncatedTo(ChronoUnit.DAYS).plus(2, ChronoUnit.HOURS);
        return today.isAfter(behind) ? today : today.plus(1, ChronoUnit.DAYS);
    }

    private static Instant halfPast(Instant behind) {
        Instant thisHour = behind.truncatedTo(ChronoUnit.HOURS).plus(30, ChronoUnit.MINUTES);
        return thisHour.isAfter(behind) ? thisHour : thisHour.plus(1, ChronoUnit.HOURS);
    }
}
