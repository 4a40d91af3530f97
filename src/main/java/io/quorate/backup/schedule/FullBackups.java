package io.quorate.backup.schedule;

import io.quorate.backup.SnapshotException;
import io.quorate.backup.archive.ArchiveCheck;
import io.quorate.backup.archive.ArchiveListing;
import io.quorate.backup.archive.ArchiveName.Full;
import io.quorate.backup.archive.ArchivePosition;
import io.quorate.backup.archive.ArchiveWriter;
import io.quorate.backup.archive.Point;
import io.quorate.backup.archive.RestorePlan;
import io.quorate.backup.archive.RestoreTarget;
import io.quorate.backup.archive.Seal;
import io.quorate.backup.archive.Witness;
import io.quorate.backup.schedule.BackupProgress.Kind;
import io.quorate.backup.store.BackupStore;
import io.quorate.base.FileFailure;
import io.quorate.base.MonotonicClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Full backups, what is removed with them, hashes of the history, and verifications: when they are due, and the jobs. Asked by the thread {@code backup}; the jobs
 * run on {@code backup-full} and leave their results in volatile fields.
 */
@Slf4j
@RequiredArgsConstructor
final class FullBackups {

    private static final Duration RETRY = Duration.ofMinutes(1);

    /** How often it is looked whether the newest full backup is still there. */
    private static final Duration LOOK = Duration.ofMinutes(10);

    private final BackupSource source;
    private final BackupStore store;
    private final ArchiveListing listing;
    private final ArchiveWriter writer;
    private final BackupOptions options;
    private final BackupProgress progress;
    private final HeavyWork heavy;
    private final InstantSource wall;
    private final MonotonicClock clock;
    private final Seal seal;
    private final Witnesses witnesses;

    /** Whether the segments that are written now follow a full backup. */
    private volatile boolean anchored;

    /** What the newest is named by, which may lie in the future if a clock was ahead. */
    private volatile Instant newest = Instant.EPOCH;

    /** From when on the next one is reckoned. */
    private volatile Instant made = Instant.EPOCH;

    /** Of the clock; null if nothing failed. */
    private volatile @Nullable Long notBefore;

    private volatile long bytesBehind;
    private volatile long appendedTo;
    private long looked;

    /** When the newest verification began, or when this member began to make the backups. */
    private volatile Instant verified = Instant.EPOCH;

    /** What the store has, seen by a new leader. */
    void found(Optional<ArchivePosition> position) {
        witnesses.forget();
        anchored = position.isPresent();
        Instant now = wall.instant();
        newest = position.map(end -> end.full().time()).orElse(Instant.EPOCH);
        made = earlier(newest, now);
        bytesBehind = position.map(ArchivePosition::behindFull).orElse(0L);
        verified = now;
        looked = clock.nanos();
        appendedTo = position.map(end -> end.end().revision()).orElse(0L);
        position.ifPresent(end -> progress.found(Kind.FULL, made));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** What comes next does not follow on the full backups that there are. */
    void needAnother() {
        witnesses.forget();
        anchored = false;
        newest = Instant.EPOCH;
        made = Instant.EPOCH;
    }

    boolean isAnchored() {
        return anchored;
    }

    /** The newest hash of the history; it goes with the next segment. */
    Witness witness() {
        return witnesses.newest();
    }

    void appended(long bytes, long revision) {
        bytesBehind += bytes;
        appendedTo = revision;
    }

    /** Begins anew if the newest full backup was taken away: what is appended behind it is of no use. */
    void lookForLost() throws IOException {
        long now = clock.nanos();
        if (!anchored || heavy.isBusy() || now - looked < LOOK.toNanos()) {
            return;
        }
        looked = now;
        Instant known = newest;
        if (listing.fulls().stream().noneMatch(each -> each.time().equals(known))) {
            log.warn("the newest full backup, of {}, is not in {} any more: another one is made", known, store);
            needAnother();
        }
    }

    boolean isDue(boolean requested) {
        Long earliest = notBefore;
        if (heavy.isBusy() || earliest != null && clock.nanos() - earliest < 0) {
            return false;
        }
        Instant now = wall.instant();
        made = earlier(made, now); // a clock that was ahead and is not any more delays nothing
        boolean scheduled = options.full() != null && options.full().isDue(made, now);
        return requested || !anchored || scheduled || bytesBehind >= options.fullBytes();
    }

    /**
     * Begins a full backup.
     *
     * @param view has the point as its newest; belongs to the job if this returns true
     */
    boolean start(HeldView view, Point end, Instant time, long state) {
        if (heavy.isBusy()) {
            return false;
        }
        Full name = new Full(source.cluster(), time, end, view.history().compactedRevision(), state, seal.id());
        bytesBehind = 0;
        progress.running(true);
        view.handOver();
        int startedIn = witnesses.beginning();
        heavy.start(() -> write(view, name, startedIn), cause -> failed(Kind.FULL, cause));
        return true;
    }

    private void write(HeldView view, Full name, int startedIn) throws IOException {
        Instant began = wall.instant();
        try (view) {
            view.use();
            removeLeftovers();
            Witness own = witnesses.compute(view.history(), name.end().revision(), startedIn);
            long bytes = writer.write(name, view.history(), own);
            if (startedIn == witnesses.beginning()) {
                newest = name.time();
                made = began;
                anchored = true;
            }
            progress.succeeded(Kind.FULL, began, bytes);
            log.info(
                    "a full backup up to revision {} is in {}: {} bytes in {} ms",
                    name.end().revision(),
                    store,
                    bytes,
                    Duration.between(began, wall.instant()).toMillis());
        } finally {
            progress.running(false);
        }
        removeOld();
    }

    /**
     * Begins a hash of the history, if it is time, so that the segments since the last full backup are compared too. It goes with the next
     * segment, which so need not wait for it.
     *
     * @param view has the point as its newest; belongs to the job if this returns true
     */
    boolean startHashIfDue(HeldView view, Point end) {
        if (heavy.isBusy() || !anchored || !witnesses.isDue(end)) {
            return false;
        }
        view.handOver();
        int startedIn = witnesses.beginning();
        heavy.start(
                () -> {
                    try (view) {
                        view.use();
                        Witness unused = witnesses.compute(view.history(), end.revision(), startedIn);
                    }
                },
                cause -> log.info("the history was not hashed: {}", cause.toString()));
        return true;
    }

    /** Before the backup, so that one that never comes to its end, whatever the reason, does not fill the store. */
    private void removeLeftovers() {
        try {
            Retention.removeUnfinished(store, wall.instant());
        } catch (IOException | RuntimeException e) { // the backup can be made all the same
            failed(Kind.RETENTION, e);
        }
    }

    private void removeOld() {
        try {
            int removed = new Retention(options.keepCount(), options.keepAge()).run(store, listing, wall.instant());
            progress.succeeded(Kind.RETENTION, wall.instant(), 0);
            if (removed > 0) {
                log.info("{} objects that were too old are removed from {}", removed, store);
            }
        } catch (IOException | RuntimeException e) { // the backup itself is there
            failed(Kind.RETENTION, e);
        }
    }

    /** Restores the newest and compares it, if it is time. */
    void startVerificationIfDue() {
        if (options.verify() == null || heavy.isBusy() || !anchored) {
            return;
        }
        Instant now = wall.instant();
        verified = earlier(verified, now);
        if (!options.verify().isDue(verified, now)) {
            return;
        }
        verified = now;
        progress.running(true);
        heavy.start(this::verify, cause -> failed(Kind.VERIFICATION, cause));
    }

    private void verify() throws IOException {
        try {
            ArchiveCheck.Report report = restored();
            progress.succeeded(Kind.VERIFICATION, wall.instant(), 0);
            log.info("the backup was restored up to revision {} and is what was written", report.revision());
        } finally {
            progress.running(false);
        }
    }

    /** A backup that is not what was written is of no use: another one begins. */
    private ArchiveCheck.Report restored() throws IOException {
        long expected = appendedTo;
        try {
            RestorePlan plan = RestorePlan.of(listing, new RestoreTarget.Newest());
            if (plan.revision() < expected) {
                throw new SnapshotException("the backup ends with revision " + plan.revision() + ", and revision "
                        + expected + " was appended: an object is missing");
            }
            return new ArchiveCheck(store, seal, options.scratch()).run(plan, source.opinion());
        } catch (SnapshotException e) {
            needAnother();
            throw e;
        }
    }

    private void failed(Kind kind, Exception cause) {
        notBefore = clock.nanos() + RETRY.toNanos();
        progress.failed(kind, FileFailure.describe(cause));
        log.warn("{} of a backup failed: {}", kind.label(), FileFailure.describe(cause));
    }
}
