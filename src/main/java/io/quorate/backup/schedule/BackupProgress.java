package io.quorate.backup.schedule;

import io.quorate.base.Metered;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What is known of backups. Written by the threads of backups, read by any. */
public final class BackupProgress implements Metered {

    /** What is done. */
    public enum Kind {
        /** All history of one moment. */
        FULL,
        /** What was written since. */
        INCREMENT,
        /** The newest is restored and compared. */
        VERIFICATION,
        /** What is too old is removed. */
        RETENTION;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How something ended last.
     *
     * @param success when it succeeded last; null if it never did
     * @param bytes of the object then
     * @param failure what was wrong since then; null if nothing was
     */
    public record Last(
            @Nullable Instant success, long bytes, @Nullable String failure) {

        private static final Last NONE = new Last(null, 0, null);
    }

    private final MonotonicClock clock;
    /** By the number of the kind. */
    private final List<LongAdder> failures;

    private final List<LongAdder> bytes;
    private volatile Map<Kind, Last> last = Map.of();
    private volatile boolean active;
    private volatile boolean running;
    private volatile long revision;
    private volatile @Nullable Long caughtUpNanos;

    /** @param clock measures the lag, which is that of the time that passes, wherever the clock on the wall jumps */
    public BackupProgress(MonotonicClock clock) {
        this.clock = clock;
        this.failures = counters();
        this.bytes = counters();
    }

    private static List<LongAdder> counters() {
        return Arrays.stream(Kind.values()).map(kind -> new LongAdder()).toList();
    }

    /** Whether this member makes the backups. */
    public boolean isActive() {
        return active;
    }

    /** Whether a full backup or a verification is under way. */
    public boolean isRunning() {
        return running;
    }

    /** The newest revision that can be restored; 0 if none is known. */
    public long revision() {
        return revision;
    }

    /** For how long what is written cannot be restored; zero while all of it can, or another member makes the backups. */
    public Duration lag() {
        Long since = caughtUpNanos;
        return active && since != null ? Duration.ofNanos(Math.max(0, clock.nanos() - since)) : Duration.ZERO;
    }

    /** How something ended last, as far as this member knows. */
    public Last last(Kind kind) {
        return last.getOrDefault(kind, Last.NONE);
    }

    void active(boolean now) {
        active = now;
    }

    void running(boolean now) {
        running = now;
    }

    /** All up to a revision can be restored, and nothing else was there at a time of the clock. */
    void caughtUp(long restorable, long nanos) {
        revision = restorable;
        caughtUpNanos = nanos;
    }

    /** The time from which on nothing is safe, as far as that is not known already. */
    void behindSince(long nanos) {
        if (caughtUpNanos == null) {
            caughtUpNanos = nanos;
        }
    }

    /** Another member goes on. */
    void forget() {
        caughtUpNanos = null;
        active = false;
    }

    void succeeded(Kind kind, Instant time, long size) {
        bytes.get(kind.ordinal()).add(size);
        set(kind, new Last(time, size, null));
    }

    void wrote(Kind kind, long size) {
        bytes.get(kind.ordinal()).add(size);
    }

    /** What another member did. */
    void found(Kind kind, Instant time) {
        set(kind, new Last(time, last(kind).bytes(), last(kind).failure()));
    }

    void failed(Kind kind, String reason) {
        failures.get(kind.ordinal()).increment();
        set(kind, new Last(last(kind).success(), last(kind).bytes(), reason));
    }

    private synchronized void set(Kind kind, Last value) {
        Map<Kind, Last> next = new EnumMap<>(Kind.class);
        next.putAll(last);
        next.put(kind, value);
        last = next;
    }

    @Override
    public void register(Meters meters) {
        meters.flag(
                "quorate_backup_active", "1 if this member makes the backups, 0 if another one does.", this::isActive);
        meters.flag("quorate_backup_running", "1 while a full backup or a verification is under way.", this::isRunning);
        meters.gauges(
                "quorate_backup_lag_seconds",
                "For how long what is written cannot be restored; only of the member that makes the backups.",
                points -> {
                    if (active) {
                        points.add(lag().toMillis() / 1e3);
                    }
                });
        meters.gauge("quorate_backup_revision", "Newest revision that can be restored.", this::revision);
        meters.gauges(
                "quorate_backup_last_success_timestamp_seconds",
                "When something succeeded last, as far as this member knows.",
                points -> last.forEach((kind, value) -> {
                    if (value.success() != null) {
                        points.add(value.success().toEpochMilli() / 1e3, "kind", kind.label());
                    }
                }));
        meters.gauges(
                "quorate_backup_failed",
                "1 if the last try of something failed, 0 if not; only of the member that makes the backups.",
                points -> {
                    if (active) {
                        last.forEach(
                                (kind, value) -> points.add(value.failure() == null ? 0L : 1L, "kind", kind.label()));
                    }
                });
        meters.counters("quorate_backup_failures_total", "Tries that failed.", points -> add(points, failures));
        meters.counters(
                "quorate_backup_bytes_total", "Bytes of objects that were written.", points -> add(points, bytes));
    }

    private static void add(Meters.Points points, List<LongAdder> counters) {
        for (Kind kind : Kind.values()) {
            points.add(counters.get(kind.ordinal()).sum(), "kind", kind.label());
        }
    }
}
