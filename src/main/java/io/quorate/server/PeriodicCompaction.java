package io.quorate.server;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * Keeps the history of a time. The revision is noted ten times in an interval, which is the retention but at most an hour;
 * once the oldest note is as old as the retention, it is compacted at, and again after each interval. Example: of 10 hours,
 * notes are taken every 6 minutes, and every hour history is cut to what it was 10 hours ago (docs/etcd-v3.md, section 2.5).
 *
 * <p>Used by the {@code timer} thread.
 */
public final class PeriodicCompaction implements CompactionSchedule {

    private static final Duration INTERVAL_MAX = Duration.ofHours(1);
    private static final int NOTES_PER_INTERVAL = 10;

    private final long intervalNanos;
    private final long noteNanos;
    private final int notesKept;
    private final ArrayDeque<Long> notes = new ArrayDeque<>();
    private long nextNoteNanos;
    private long lastDoneNanos;
    private long lastRevision;
    private boolean done;

    /** @param retention how much history is kept; positive */
    public PeriodicCompaction(Duration retention, long nowNanos) {
        Duration interval = retention.compareTo(INTERVAL_MAX) < 0 ? retention : INTERVAL_MAX;
        this.intervalNanos = interval.toNanos();
        this.noteNanos = Math.max(1, intervalNanos / NOTES_PER_INTERVAL);
        this.notesKept = Math.toIntExact(retention.toNanos() / noteNanos) + 1;
        this.nextNoteNanos = nowNanos;
    }

    @Override
    public long due(long nowNanos, long revision) {
        if (nowNanos - nextNoteNanos < 0) {
            return 0;
        }
        nextNoteNanos += noteNanos * ((nowNanos - nextNoteNanos) / noteNanos + 1);
        notes.add(revision);
        if (notes.size() > notesKept) {
            notes.remove();
        }
        boolean early = done && nowNanos - lastDoneNanos < intervalNanos;
        long oldest = notes.element();
        return notes.size() < notesKept || early || oldest == lastRevision ? 0 : oldest;
    }

    @Override
    public void compacted(long nowNanos, long revision) {
        done = true;
        lastDoneNanos = nowNanos;
        lastRevision = revision;
    }
}
