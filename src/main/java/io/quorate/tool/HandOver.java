package io.quorate.tool;

import io.quorate.backup.FileHashKv;
import io.quorate.backup.SnapshotFile;
import io.quorate.tool.SourceEtcd.Hash;
import io.quorate.tool.SourceEtcd.Position;
import io.quorate.tool.Tool.ToolException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.boot.convert.DurationStyle;

/**
 * Lets the cluster take over, once it has all that the source has. What takes long is done while writers still write; then the source
 * refuses writes, or has been quiet for a while, and what may have changed is compared again. Used by one thread.
 */
final class HandOver {

    private static final int COMPARISONS = 3;

    private static final Duration PAUSE = Duration.ofMillis(50);

    /** The etcd is sealed when so many revisions are left to take over, or after a while. */
    private static final long SEALING_GAP = 200;

    private static final Duration SEALING_PATIENCE = Duration.ofSeconds(30);

    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);

    private final Duration quiet;
    private final boolean seals;
    private final Duration pauseMax;
    private final SourceEtcd source;
    private final FollowingCluster target;
    private final Path scratch;

    private long lastAttempt = System.nanoTime() - PAUSE.toNanos();
    private boolean prepared;
    private long preparedAt;
    private final AtomicBoolean sealed = new AtomicBoolean();
    private long quietRevision;
    private long quietSince;
    private volatile String outcome = "";

    private final AtomicReference<LastStep> lastStep = new AtomicReference<>(LastStep.OPEN);

    /** What has become of the step by which the cluster takes over. */
    private enum LastStep {
        OPEN,
        /** From then on the cluster may have taken over, whatever this process hears of it, and the source stays sealed. */
        SENT,
        /** It will not be sent any more, so the seal may go; also by the thread that runs when the process is told to stop. */
        GIVEN_UP
    }

    HandOver(Options options, SourceEtcd source, FollowingCluster target, Path scratch) {
        this.quiet = options.time("quiet", Duration.ofSeconds(1));
        this.seals = options.isOn("seal");
        this.pauseMax = options.time("pause-max", PAUSE_MAX);
        this.source = source;
        this.target = target;
        this.scratch = scratch;
    }

    /**
     * Called again and again when nothing waits that has come from the source.
     *
     * @return whether the cluster has taken over
     * @throws ToolException if the two differ
     */
    boolean attempt() throws IOException {
        long now = System.nanoTime();
        if (now - lastAttempt < PAUSE.toNanos()) {
            return false;
        }
        lastAttempt = now;
        if (!prepared) {
            target.confirm(target.state().source());
            copyUsers();
            compare(target.state().revision());
            prepared = true;
            preparedAt = System.nanoTime();
            LiveMigration.tell("Both have the same history up to revision "
                    + target.state().revision()
                    + (seals ? "; the etcd is about to refuse writes." : "; waiting for the etcd to be quiet."));
            return false;
        }
        Position position = source.position();
        if (seals && !sealed.get()) {
            boolean close = position.revision() - target.state().revision() <= SEALING_GAP;
            if (close || now - preparedAt > SEALING_PATIENCE.toNanos()) {
                seal();
            }
            return false;
        }
        checkPause("the cluster stands at revision " + target.state().revision() + " and the etcd at "
                + position.revision());
        return isCaughtUp(position) && takeOver(position);
    }

    private void seal() {
        sealed.set(true);
        quietSince = System.nanoTime();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::giveUpUnlessDone));
        source.seal(true);
    }

    /** @throws HandOverException if writers are held up for too long */
    void checkPause(String reason) {
        if (sealed.get() && outcome.isEmpty() && System.nanoTime() - quietSince > pauseMax.toNanos()) {
            String limit = DurationStyle.SIMPLE.print(pauseMax);
            throw new HandOverException(
                    lastStep.get() == LastStep.SENT
                            ? "Whether the cluster has taken over is not known " + limit
                                    + " after the etcd was sealed: " + reason
                                    + ". The etcd stays sealed. Run this command again, until it tells."
                            : "The cluster did not take over within " + limit + " after the etcd was sealed: " + reason
                                    + ". The seal is withdrawn.");
        }
    }

    private boolean isCaughtUp(Position position) {
        long now = System.nanoTime();
        if (position.revision() != target.state().revision()) {
            return false;
        }
        if (sealed.get()) {
            return true;
        }
        if (position.revision() != quietRevision) {
            quietRevision = position.revision();
            quietSince = now;
        }
        return now - quietSince >= quiet.toNanos();
    }

    private boolean takeOver(Position position) throws IOException {
        copyUsers();
        int leases = new LeaseCopy(source, target).copy();
        Hash hash = compare(position.revision());
        Optional<Long> users = source.authRevision();
        if (source.position().revision() != position.revision()
                || (users.isPresent() && users.get() != target.state().authRevision())) {
            return false; // a client changed something meanwhile
        }
        finish();
        outcome = String.format(
                Locale.ROOT,
                "the cluster has taken over at revision %d, hash %d, compacted revision %d, with %d leases; the pause was %.1f s",
                position.revision(),
                hash.hash(),
                hash.compactRevision(),
                leases,
                (System.nanoTime() - quietSince) / 1e9);
        return true;
    }

    /**
     * A refusal is certain only if the first member that was asked has sent it, and nothing was sent before; anything else may come after the
     * cluster has taken over.
     */
    private void finish() {
        boolean first = lastStep.compareAndSet(LastStep.OPEN, LastStep.SENT);
        if (lastStep.get() == LastStep.GIVEN_UP) {
            throw new HandOverException("The process was told to stop. Nothing was switched.");
        }
        long unanswered = target.unanswered();
        try {
            target.step("finish", Map.of());
        } catch (ToolException failure) {
            boolean refused = String.valueOf(failure.getMessage()).contains("quorate: ");
            if (first && refused && target.unanswered() == unanswered) {
                lastStep.set(LastStep.OPEN);
            }
            throw failure;
        }
    }

    /** Takes users and roles again if they changed, or if the source does not tell whether they did. */
    private void copyUsers() throws IOException {
        Optional<Long> revision = source.authRevision();
        if (revision.isPresent() && revision.get() == target.state().authRevision()) {
            return;
        }
        try (SnapshotInput fetched = SnapshotInput.fetched(source, scratch);
                SnapshotFile snapshot = fetched.open(false)) {
            UserCopy.to(target).copy(snapshot);
        }
    }

    private Hash sourceHash(long revision) throws IOException {
        Optional<Hash> told = source.hash(revision);
        if (told.isPresent()) {
            return told.get();
        }
        try (SnapshotInput fetched = SnapshotInput.fetched(source, scratch);
                SnapshotFile snapshot = fetched.open(false)) {
            FileHashKv hash = FileHashKv.of(snapshot, revision);
            return new Hash(Integer.toUnsignedLong(hash.hash()), Math.max(0, hash.compactRevision()));
        }
    }

    private Hash compare(long revision) throws IOException {
        Hash there = sourceHash(revision);
        for (int tries = 1; ; tries++) {
            if (there.compactRevision() > 0) {
                target.step("compaction", Map.of("revision", Long.toString(there.compactRevision())));
            }
            Hash here = target.hash(revision);
            if (here.equals(there)) {
                return there;
            }
            Hash again = sourceHash(revision);
            if (tries == COMPARISONS || again.equals(there)) {
                throw new HandOverException("The cluster does not take over: at revision " + revision
                        + " the etcd has the hash "
                        + there.hash() + " (compacted at " + there.compactRevision() + "), the cluster " + here.hash()
                        + " (compacted at " + here.compactRevision()
                        + "). Nothing was switched; go on using the etcd, empty the cluster and begin anew.");
            }
            there = again;
        }
    }

    /** The cluster is known to have taken over, by this process or by another. */
    void over() {
        lastStep.set(LastStep.SENT);
    }

    /** Opens the source for writes again if the cluster did not take over; also when the process is told to stop. */
    void giveUpUnlessDone() {
        lastStep.compareAndSet(LastStep.OPEN, LastStep.GIVEN_UP);
        if (lastStep.get() == LastStep.GIVEN_UP && sealed.getAndSet(false)) {
            try (SourceEtcd own = source.another()) {
                own.seal(false);
            }
        }
    }

    String outcome() {
        return outcome;
    }

    /** What no other try changes. */
    static final class HandOverException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        HandOverException(String message) {
            super(message);
        }
    }
}
