package io.quorate.mvcc;

import io.quorate.base.Buckets;
import io.quorate.base.Meters;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/** Publishes the figures of compactions, and has the space given back that they freed. */
public final class CompactionMeters implements Compaction.Observer {

    private final InstantSource time;
    private final Runnable reclaim;
    private final LongAdder removed = new LongAdder();
    private final LongConsumer pause;
    private final LongConsumer total;
    private volatile long lastEndEpochSeconds;

    /** @param reclaim gives the freed space back; must not block */
    public CompactionMeters(Meters meters, InstantSource time, Runnable reclaim) {
        this.time = time;
        this.reclaim = reclaim;
        pause = meters.distribution(
                "etcd_debugging_mvcc_db_compaction_pause_duration_milliseconds",
                "Time of a step of a compaction.",
                Buckets.milliseconds(1_000_000, 13));
        total = meters.distribution(
                "etcd_debugging_mvcc_db_compaction_total_duration_milliseconds",
                "Time of a whole compaction.",
                Buckets.milliseconds(100_000_000, 14));
        meters.counter("etcd_debugging_mvcc_db_compaction_keys_total", "Records removed by compaction.", removed::sum);
        meters.gauge(
                "etcd_debugging_mvcc_db_compaction_last",
                "Unix time of the last compaction; 0 if there was none since the start.",
                () -> lastEndEpochSeconds);
    }

    @Override
    public void step(int versionsRemoved, long nanos) {
        removed.add(versionsRemoved);
        pause.accept(nanos);
    }

    @Override
    public void finished(long nanos) {
        total.accept(nanos);
        lastEndEpochSeconds = time.instant().getEpochSecond();
        reclaim.run();
    }
}
