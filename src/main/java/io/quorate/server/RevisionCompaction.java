package io.quorate.server;

import java.time.Duration;

/**
 * Keeps so many of the newest revisions; looks every five minutes (docs/etcd-v3.md, section 2.5).
 *
 * <p>Used by the {@code timer} thread.
 */
public final class RevisionCompaction implements CompactionSchedule {

    private static final long EVERY_NANOS = Duration.ofMinutes(5).toNanos();

    private final long retention;
    private long nextNanos;
    private long lastRevision;

    /** @param retention how many revisions are kept; positive */
    public RevisionCompaction(long retention, long nowNanos) {
        this.retention = retention;
        this.nextNanos = nowNanos + EVERY_NANOS;
    }

    @Override
    public long due(long nowNanos, long revision) {
        if (nowNanos - nextNanos < 0) {
            return 0;
        }
        nextNanos = nowNanos + EVERY_NANOS;
        long target = revision - retention;
        return target > 0 && target != lastRevision ? target : 0;
    }

    @Override
    public void compacted(long nowNanos, long revision) {
        lastRevision = revision;
    }
}
