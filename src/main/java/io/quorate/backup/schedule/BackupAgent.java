package io.quorate.backup.schedule;

import io.quorate.backup.archive.ArchiveListing;
import io.quorate.backup.archive.ArchiveName;
import io.quorate.backup.archive.ArchiveName.Segment;
import io.quorate.backup.archive.ArchiveName.State;
import io.quorate.backup.archive.ArchivePosition;
import io.quorate.backup.archive.ArchiveWriter;
import io.quorate.backup.archive.HistoryCut;
import io.quorate.backup.archive.Point;
import io.quorate.backup.archive.Seal;
import io.quorate.backup.archive.Writing;
import io.quorate.backup.schedule.BackupProgress.Kind;
import io.quorate.backup.store.BackupStore;
import io.quorate.base.Agent;
import io.quorate.base.Directories;
import io.quorate.base.Fault;
import io.quorate.base.FileFailure;
import io.quorate.base.MonotonicClock;
import io.quorate.mvcc.StoredHistory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Makes the backups while this member leads. It knows one point of the history, up to which the store has everything, and appends what
 * comes behind it. After a change of leader the new one takes that point from the names in the store and compares it with its own
 * history; where they differ, or a compaction has removed what would have to come next, it begins at its newest revision with a full
 * backup.
 *
 * <p>Runs on the thread {@code backup}, which may wait for the store as long as it likes.
 */
@Slf4j
public final class BackupAgent implements Agent {

    private static final Duration STANDBY_POLL = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration RETRY_MAX = Duration.ofMinutes(1);
    private static final int RETRY_DOUBLINGS_MAX = 6;

    /** Names may be that much ahead of the clock without a word, as clocks of members differ. */
    private static final Duration AHEAD = Duration.ofHours(1);

    /** No object is older. */
    private static final Duration AGE_MAX = Duration.ofDays(36_500);

    private final BackupSource source;
    private final BackupStore store;
    private final BackupOptions options;
    private final BackupProgress progress;
    private final MonotonicClock clock;
    private final InstantSource wall;
    private final ArchiveListing listing;
    private final ArchiveWriter writer;
    private final Seal seal;
    private final HeavyWork heavy;
    private final FullBackups fulls;
    private volatile @Nullable Thread worker;
    private volatile boolean stopping;
    private volatile boolean requested;

    /** Up to here the store has everything; null while that is not known. */
    private @Nullable Point position;

    private long knownState;
    private Instant newestTime = Instant.EPOCH;
    private boolean ahead;
    private long nextSegment;

    /** The state at this index of the log is in the store; -1 if that is not known. */
    private long storedIndex = -1;

    private long writtenBefore;
    private long retryAt;
    private int failuresInRow;
    private boolean scratchRemoved;

    /**
     * @param writing how objects are written
     * @param executor one thread for full backups and verifications
     */
    public BackupAgent(
            BackupSource source,
            BackupStore store,
            Writing writing,
            BackupOptions options,
            BackupProgress progress,
            Executor executor,
            MonotonicClock clock,
            InstantSource wall) {
        this.source = source;
        this.store = store;
        this.options = options;
        this.progress = progress;
        this.clock = clock;
        this.wall = wall;
        this.seal = writing.seal();
        this.listing = new ArchiveListing(store, source.cluster(), seal);
        this.writer = new ArchiveWriter(store, writing);
        this.heavy = new HeavyWork(executor);
        this.fulls = new FullBackups(
                source, store, listing, writer, options, progress, heavy, wall, clock, seal, new Witnesses(clock));
        this.retryAt = clock.nanos();
    }

    @Override
    public String name() {
        return "backup";
    }

    /** Asks for a full backup soon; any thread. Says whether this member makes the backups. */
    public boolean request() {
        requested = progress.isActive();
        return progress.isActive();
    }

    /** Ends what is under way; any thread. The agent does nothing afterwards. */
    public void cancel() {
        stopping = true;
        heavy.cancel();
        Thread current = worker;
        if (current != null) {
            current.interrupt();
        }
    }

    @Override
    public long doWork() {
        worker = Thread.currentThread();
        if (stopping) {
            return UNTIL_WOKEN;
        }
        long wait = retryAt - clock.nanos();
        if (wait > 0) {
            return Math.min(wait, STANDBY_POLL.toNanos());
        }
        removeScratch();
        try {
            return round();
        } catch (Fault e) {
            throw e;
        } catch (IOException | RuntimeException e) { // nothing of a backup may end the member
            return failed(e);
        }
    }

    /** A verification that was killed leaves a whole state. */
    private void removeScratch() {
        if (!scratchRemoved) {
            scratchRemoved = true;
            try {
                Directories.delete(options.scratch());
            } catch (IOException e) { // costs space, and no backup
                log.warn("what a verification has left cannot be removed: {}", FileFailure.describe(e));
            }
        }
    }

    private long round() throws IOException {
        if (!source.seemsToLead().getAsBoolean()) {
            standBy();
            return STANDBY_POLL.toNanos();
        }
        progress.active(true);
        progress.behindSince(clock.nanos());
        if (position == null) {
            adopt();
        }
        Point known = position;
        long before = clock.nanos(); // what is written later may lie behind the revision
        if (known != null && fulls.isAnchored() && source.revision().getAsLong() == known.revision()) {
            progress.caughtUp(known.revision(), before);
        }
        fulls.lookForLost();
        boolean full = fulls.isDue(requested);
        long now = clock.nanos();
        boolean segment =
                now - nextSegment >= 0 || source.written().getAsLong() - writtenBefore >= options.segmentBytes();
        if (full || segment) {
            nextSegment = now + options.interval().toNanos();
            writeChanges(full);
        } else {
            fulls.startVerificationIfDue();
        }
        failuresInRow = 0;
        return POLL.toNanos();
    }

    /** Where nothing was applied since, there is nothing to look for, and no need to ask the others whether this member leads. */
    private void writeChanges(boolean full) throws IOException {
        long applied = source.applied().getAsLong(); // before the view, which may have more
        if ((full || applied != storedIndex) && source.leads().getAsBoolean()) {
            write(full);
            storedIndex = applied;
        }
    }

    private void standBy() {
        if (progress.isActive()) {
            log.info("another member makes the backups from now on");
        }
        progress.forget();
        position = null;
        storedIndex = -1;
        requested = false;
    }

    /** Goes on where the store ends, if that is a point of this member's history. */
    private void adopt() throws IOException {
        Optional<ArchivePosition> found = ArchivePosition.of(listing);
        fulls.found(found);
        nextSegment = clock.nanos();
        if (found.isEmpty()) {
            log.info("backups begin: {} has none of this cluster", store);
            return;
        }
        ArchivePosition end = found.get();
        newestTime = end.time();
        progress.behindSince(clock.nanos() - age(end.time()).toNanos());
        try (HeldView view = HeldView.of(source.database())) {
            StoredHistory history = view.history();
            long revision = end.end().revision();
            if (revision <= history.newestRevision()
                    && history.tipOf(revision) == end.end().tip()) {
                position = end.end();
                knownState = end.state();
                log.info("backups go on in {} behind revision {}", store, revision);
            } else {
                log.info("{} ends with revision {}, which is not of this member's history", store, revision);
            }
        }
    }

    /** Zero for what a clock that was ahead has named. */
    private Duration age(Instant time) {
        long millis = Duration.between(time, wall.instant()).toMillis();
        return Duration.ofMillis(Math.clamp(millis, 0, AGE_MAX.toMillis()));
    }

    private void write(boolean full) throws IOException {
        writtenBefore = source.written().getAsLong();
        long before = clock.nanos();
        Instant time = nextTime(); // before the view, which so has all that was written until then
        HeldView view = HeldView.of(source.database());
        boolean handedOver = false;
        try {
            Point begin = position;
            boolean gap = begin == null || view.history().compactedRevision() > begin.revision();
            long state = writeState(view, time, full || gap);
            Point end = gap || begin == null ? beginAnew(view.history()) : append(view, before, state, begin);
            knownState = state;
            if (full || gap) {
                handedOver = fulls.start(view, end, nextTime(), state);
                requested &= !handedOver;
            } else {
                handedOver = fulls.startHashIfDue(view, end);
            }
        } finally {
            if (!handedOver) {
                view.close();
            }
        }
    }

    private Point beginAnew(StoredHistory history) {
        Point begin = new Point(history.newestRevision(), history.tipOf(history.newestRevision()));
        if (position != null) {
            log.warn(
                    "revisions behind {} were compacted before they were backed up; a full backup has what there is",
                    position.revision());
        }
        position = begin;
        fulls.needAnother();
        return begin;
    }

    /** @param anew also if the store should have it: a full backup relies on nothing that was written before */
    private long writeState(HeldView view, Instant time, boolean anew) throws IOException {
        long state = ArchiveWriter.stateOf(view.view());
        if (anew || state != knownState) {
            long bytes = writer.write(new State(source.cluster(), time, state, seal.id()), view.view());
            progress.wrote(Kind.INCREMENT, bytes);
        }
        return state;
    }

    /**
     * Appends segments up to the newest revision of the view, which it returns.
     *
     * @param before a time of the clock before the view
     */
    private Point append(HeldView view, long before, long state, Point from) throws IOException {
        Point end = from;
        for (boolean more = true; more; ) {
            HistoryCut cut = HistoryCut.of(view.history(), end, options.segmentBytes());
            more = !cut.isNewest();
            if (!cut.isEmpty() || state != knownState) {
                long refersTo = cut.isNewest() ? state : ArchiveName.NO_STATE;
                Segment name = new Segment(source.cluster(), nextTime(), end, cut.end(), refersTo, seal.id());
                long bytes = writer.write(name, view.history(), fulls.witness());
                end = cut.end();
                position = end;
                fulls.appended(bytes, end.revision());
                progress.succeeded(Kind.INCREMENT, wall.instant(), bytes);
            }
        }
        if (fulls.isAnchored()) {
            progress.caughtUp(end.revision(), before);
        }
        return end;
    }

    /** Later than each earlier one, whatever the clock says, and than all that was found in the store. */
    private Instant nextTime() {
        Instant now = Instant.ofEpochMilli(wall.millis());
        newestTime = now.isAfter(newestTime) ? now : newestTime.plusMillis(1);
        boolean wasAhead = ahead;
        ahead = newestTime.isAfter(now.plus(AHEAD));
        if (ahead && !wasAhead) {
            log.warn(
                    "the backup in {} has objects of {}, when a clock was ahead; until then all others are named behind them, so restore"
                            + " by --to-revision and not by --to-time",
                    store,
                    newestTime);
        }
        return newestTime;
    }

    private long failed(Exception cause) {
        failuresInRow++;
        if (stopping) {
            return UNTIL_WOKEN;
        }
        Duration pause = Duration.ofSeconds(1L << Math.min(failuresInRow - 1, RETRY_DOUBLINGS_MAX));
        pause = pause.compareTo(RETRY_MAX) > 0 ? RETRY_MAX : pause;
        progress.failed(Kind.INCREMENT, FileFailure.describe(cause));
        log.warn("a backup failed, the next try is in {} s: {}", pause.toSeconds(), FileFailure.describe(cause));
        retryAt = clock.nanos() + pause.toNanos();
        return pause.toNanos();
    }
}
