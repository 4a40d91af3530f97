package io.quorate.wiring;

import io.quorate.base.Meters;
import io.quorate.mvcc.Compaction;
import io.quorate.ops.MemberDurations;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;
import lombok.RequiredArgsConstructor;

/** Keeps the figures of compactions, for the metrics, and has the space given back that they freed. */
@RequiredArgsConstructor
final class CompactionFigures implements Compaction.Observer {

    private final MemberDurations durations;
    private final InstantSource time;
    private final Runnable reclaim;
    private final LongAdder removed = new LongAdder();
    private volatile long lastEndEpochSeconds;

    @Override
    public void step(int versionsRemoved, long nanos) {
        removed.add(versionsRemoved);
        durations.compactionPause().accept(nanos);
    }

    @Override
    public void finished(long nanos) {
        durations.compactionTotal().accept(nanos);
        lastEndEpochSeconds = time.instant().getEpochSecond();
        reclaim.run();
    }

    /** Versions removed since the process started. */
    long removed() {
        return removed.sum();
    }

    /** When the newest compaction ended; 0 if none did since the process started. */
    long lastEndEpochSeconds() {
        return lastEndEpochSeconds;
    }

    /** Registers what is counted here. */
    public void register(Meters meters) {
        meters.counter("etcd_debugging_mvcc_db_compaction_keys_total", "Records removed by compaction.", this::removed);
        meters.gauge(
                "etcd_debugging_mvcc_db_compaction_last",
                "Unix time of the last compaction; 0 if there was none since the start.",
                this::lastEndEpochSeconds);
    }
}
