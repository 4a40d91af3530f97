package io.quorate.tool;

import io.quorate.tool.Tool.ToolException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Takes over revision after revision, and at intervals what no watch tells: leases and compaction. Used by one thread. */
final class FollowLoop {

    private static final Duration REST = Duration.ofMillis(100);

    private final SourceEtcd source;
    private final FollowingCluster target;
    private final WatchedParts parts;
    private final Runnable worked;
    private final Duration poll;
    private final HandOver handOver;
    private final boolean finishing;
    private final RecordBatch batch = new RecordBatch();
    private long due = System.nanoTime();
    private long compacted;
    private boolean begun;

    FollowLoop(
            Options options,
            SourceEtcd source,
            FollowingCluster target,
            WatchedParts parts,
            HandOver handOver,
            Runnable worked) {
        this.source = source;
        this.target = target;
        this.parts = parts;
        this.worked = worked;
        this.poll = options.time("poll", Duration.ofSeconds(10));
        this.finishing = options.isOn("finish");
        this.handOver = handOver;
    }

    /**
     * Runs until the cluster has taken over, by this process or by another.
     *
     * @return false if the source has compacted what comes next
     * @throws ToolException if a call fails; the caller tries again from the state of the cluster
     */
    boolean run() throws IOException {
        while (true) {
            if (!receive()) {
                return false;
            }
            if (!send()) {
                return false;
            }
            duties();
            if (finishing && parts.isEmpty() && handOver.attempt()) {
                return true;
            }
        }
    }

    /**
     * Waits a moment for a part, and takes those that wait behind it.
     *
     * @return false if the source has compacted what comes next
     */
    private boolean receive() {
        Duration patience = REST;
        while (!batch.isFull() || !(batch.hasWhole() || batch.isFirstTooLarge())) {
            WatchedParts.Part part = parts.poll(patience);
            if (part == null) {
                return true;
            }
            if (part.compactRevision() > 0) {
                return false;
            }
            take(part);
            patience = Duration.ZERO;
        }
        return true;
    }

    private void take(WatchedParts.Part part) {
        if (part.failure() != null) {
            throw new ToolException(part.failure());
        }
        for (Object event : part.events()) {
            batch.add((Map<?, ?>) event);
        }
        if (!part.goesOn()) {
            batch.endRevision();
        }
    }

    /** @return false if the source has compacted what comes next */
    private boolean send() {
        if (batch.isEmpty()) {
            return true;
        }
        batch.dropUpTo(target.state().revision());
        while (batch.hasWhole() || batch.isFirstTooLarge()) {
            if (isNextCompacted()) {
                return false;
            }
            if (batch.isFirstTooLarge()) {
                takeLarge();
            } else {
                sendRevisions();
            }
        }
        worked.run();
        return true;
    }

    /**
     * A watch may begin at the compacted revision, but what that deleted is not told any more: so the first revision of a watch is
     * taken only if the one before it can still be read.
     *
     * @throws ToolException if a revision is left out that is not compacted
     */
    private boolean isNextCompacted() {
        long next = target.state().revision() + 1;
        long first = batch.firstRevision();
        if (begun && first == next) {
            return false;
        }
        begun = true;
        if (!source.isReadable(next - 1)) {
            return true;
        }
        if (first != next) {
            throw new ToolException("the etcd sent revision " + first + " and not " + next);
        }
        return false;
    }

    /** Another process may follow, too, and be faster: what it has sent is left out here. */
    private void sendRevisions() {
        long next = target.state().revision() + 1;
        List<Map<String, Object>> revisions = batch.firstRevisions();
        try {
            target.step("records", Map.of("records", revisions));
        } catch (ToolException refused) {
            boolean elsewhere = String.valueOf(refused.getMessage()).contains("following stands elsewhere");
            if (!elsewhere
                    || !target.refresh().is("FOLLOWING")
                    || target.state().revision() < next) {
                throw refused;
            }
        }
        batch.dropUpTo(target.state().revision());
    }

    /** A revision that does not fit into one step is loaded in parts; nobody reads here until it is complete. */
    private void takeLarge() {
        long revision = batch.firstRevision();
        while (true) {
            while (!batch.isEmpty() && batch.firstRevision() == revision) {
                target.step("load", Map.of("records", batch.takeUpTo(revision)));
            }
            if (batch.isComplete(revision)) {
                break;
            }
            WatchedParts.Part part = parts.poll(poll);
            if (part == null) {
                throw new ToolException("the etcd did not send the rest of revision " + revision);
            }
            take(part);
        }
        target.step("loaded", Map.of("revision", Long.toString(revision)));
    }

    private void duties() {
        if (System.nanoTime() - due < 0) {
            return;
        }
        due = System.nanoTime() + poll.toNanos();
        new LeaseCopy(source, target).copy();
        compacted = source.compacted(compacted, target.state().revision());
        if (compacted > 0) {
            target.step("compaction", Map.of("revision", Long.toString(compacted)));
        }
        worked.run();
    }
}
