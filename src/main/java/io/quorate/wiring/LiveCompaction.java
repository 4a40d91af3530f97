package io.quorate.wiring;

import io.quorate.base.MonotonicClock;
import io.quorate.config.AutoCompaction;
import io.quorate.config.BackendSettings;
import io.quorate.server.CompactionSchedule;
import io.quorate.server.PeriodicCompaction;
import io.quorate.server.RevisionCompaction;
import java.time.Duration;
import java.util.function.Supplier;

/** The schedule that the settings ask for now; one that changes starts anew, with what it knew forgotten. One thread. */
class LiveCompaction implements CompactionSchedule {

    private final Supplier<BackendSettings> settings;
    private BackendSettings seen;
    private AutoCompaction wanted;
    private CompactionSchedule schedule;

    LiveCompaction(Supplier<BackendSettings> settings, MonotonicClock clock) {
        this.settings = settings;
        this.seen = settings.get();
        this.wanted = seen.autoCompaction();
        this.schedule = scheduleFor(wanted, clock.nanos());
    }

    @Override
    public long due(long nowNanos, long revision) {
        BackendSettings now = settings.get();
        if (!now.equals(seen)) { // the same record until a setting changes, so that the text is not read at every call
            seen = now;
            follow(now.autoCompaction(), nowNanos);
        }
        return schedule.due(nowNanos, revision);
    }

    @Override
    public void compacted(long nowNanos, long revision) {
        schedule.compacted(nowNanos, revision);
    }

    private void follow(AutoCompaction next, long nowNanos) {
        if (!next.equals(wanted)) {
            wanted = next;
            schedule = scheduleFor(next, nowNanos);
        }
    }

    private static CompactionSchedule scheduleFor(AutoCompaction wanted, long nowNanos) {
        return switch (wanted) {
            case AutoCompaction.Off _ -> CompactionSchedule.OFF;
            case AutoCompaction.Periodic(Duration retention) -> new PeriodicCompaction(retention, nowNanos);
            case AutoCompaction.Revisions(long retention) -> new RevisionCompaction(retention, nowNanos);
        };
    }
}
