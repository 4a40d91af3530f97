package io.quorate.raft.tracker;

/**
 * How far a peer's log is known to agree with the leader's ({@code match}), what to send next ({@code next}), and whether
 * anything may be sent now (thesis, section 3.5 and 10.2.1).
 *
 * <p>Worked example: a leader with entries up to 11 that knows nothing of a peer is in PROBE with match 0, next 12. The
 * peer rejects entry 11 with the hint 8, next becomes 9, one append is sent and the progress is paused. The peer
 * acknowledges 11: match 11, next 12, REPLICATE, and from now on every append moves next forward at once.
 *
 * <p>One thread at a time: the owner of the {@link io.quorate.raft.RawNode}.
 */
public final class Progress {

    private final long id;
    private final Inflights inflights;

    /**
     * How the leader sends: one append at a time (PROBE), a pipeline (REPLICATE), or nothing while a snapshot
     * is on its way (SNAPSHOT). Changed by {@code becomeX}.
     */
    private ProgressState state = ProgressState.PROBE;

    /**
     * The highest index up to which the peer's log is known to equal the leader's. Raised by acknowledgements;
     * never decreases within a term. Invariant: {@code match < next}.
     */
    private long match;

    /**
     * The index of the next entry to send. Moves forward with each append in REPLICATE, back on a rejection,
     * never to {@code match} or below.
     */
    private long next;

    /** The highest commit index sent. Lets the leader tell a peer of new commits without waiting for a tick. */
    private long sentCommit;

    /** In SNAPSHOT: the index of the snapshot that is on its way. 0 in other states. */
    private long pendingSnapshot;

    /**
     * Whether nothing is sent until the next answer, also one to a heartbeat. In PROBE: after an append. In
     * REPLICATE: while the window of messages in flight is full.
     */
    private boolean flowPaused;

    /** Whether the peer has sent anything since check-quorum looked last. Check-quorum resets it. */
    private boolean recentlyActive;

    /**
     * Whether the peer is a learner: it gets entries and does not count for any quorum. Follows the
     * configuration.
     */
    private boolean learner;

    Progress(long id, long next, boolean recentlyActive, boolean learner, Inflights inflights) {
        this.id = id;
        this.next = next;
        this.recentlyActive = recentlyActive;
        this.learner = learner;
        this.inflights = inflights;
    }

    /** Starts probing again behind what the peer surely has, for example after a rejection or a lost connection. */
    public void becomeProbe() {
        // A snapshot that was delivered moves the peer past its index, even if the acknowledgement is still on its way.
        long from = state == ProgressState.SNAPSHOT ? Math.max(match, pendingSnapshot) : match;
        enter(ProgressState.PROBE);
        next = from + 1;
        sentCommit = Math.min(sentCommit, from);
    }

    /** Pipelines appends behind {@code match}. */
    public void becomeReplicate() {
        enter(ProgressState.REPLICATE);
        next = match + 1;
    }

    /** Waits for the peer to install a snapshot. */
    public void becomeSnapshot(long snapshotIndex) {
        enter(ProgressState.SNAPSHOT);
        pendingSnapshot = snapshotIndex;
        next = snapshotIndex + 1;
        sentCommit = snapshotIndex;
    }

    private void enter(ProgressState newState) {
        state = newState;
        flowPaused = false;
        pendingSnapshot = 0;
        inflights.clear();
    }

    /** Notes an append with so many entries, of so many bytes of payload, that starts at {@code next}. */
    public void sentEntries(int entries, long bytes) {
        switch (state) {
            case REPLICATE -> {
                if (entries > 0) {
                    next += entries;
                    inflights.add(next - 1, bytes);
                }
                // An empty append at a full window is a probe for lost messages; only one of them at a time.
                flowPaused = inflights.isFull();
            }
            case PROBE -> {
                if (entries > 0) {
                    flowPaused = true;
                }
            }
            case SNAPSHOT -> throw new IllegalStateException("append sent to " + id + " while it needs a snapshot");
        }
    }

    /** Notes the commit index that a message carried. */
    public void sentCommit(long commit) {
        sentCommit = commit;
    }

    /** Whether an append now would tell the peer of a commit that it can use and has not been told of. */
    public boolean lacksCommit(long commit) {
        return commit > sentCommit && sentCommit < next - 1;
    }

    /** Takes in an acknowledgement; returns whether it is news. */
    public boolean acknowledge(long index) {
        if (index <= match) {
            return false;
        }
        match = index;
        next = Math.max(next, index + 1);
        flowPaused = false;
        return true;
    }

    /**
     * Takes in a rejection, which may be a late or repeated one.
     *
     * @param rejected the index that did not match
     * @param probePoint the highest index at which the logs may agree
     * @return whether {@code next} moved back
     */
    public boolean reject(long rejected, long probePoint) {
        if (state == ProgressState.REPLICATE) {
            if (rejected <= match) {
                return false;
            }
            next = match + 1;
        } else {
            if (rejected != next - 1) {
                return false;
            }
            next = Math.max(Math.min(rejected, probePoint + 1), match + 1);
            flowPaused = false;
        }
        sentCommit = Math.min(sentCommit, next - 1);
        return true;
    }

    /** Whether nothing is to be sent now. */
    public boolean isPaused() {
        return state == ProgressState.SNAPSHOT || flowPaused;
    }

    /** Stops sending until the peer answers something. */
    public void pause() {
        flowPaused = true;
    }

    /** The peer answered: sending may go on. */
    public void resume() {
        flowPaused = false;
    }

    /** The snapshot did not arrive: what the peer has is unknown again. */
    public void forgetSnapshot() {
        pendingSnapshot = 0;
    }

    void markLearner(boolean isLearner) {
        learner = isLearner;
    }

    public void markActive(boolean active) {
        recentlyActive = active;
    }

    public long id() {
        return id;
    }

    public ProgressState state() {
        return state;
    }

    public long match() {
        return match;
    }

    public long next() {
        return next;
    }

    public long pendingSnapshot() {
        return pendingSnapshot;
    }

    public Inflights inflights() {
        return inflights;
    }

    public boolean isRecentlyActive() {
        return recentlyActive;
    }

    public boolean isLearner() {
        return learner;
    }

    /** For example {@code StateReplicate match=11 next=15 paused inflight=3[full]}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(state.label());
        text.append(" match=").append(match).append(" next=").append(next);
        if (learner) {
            text.append(" learner");
        }
        if (isPaused()) {
            text.append(" paused");
        }
        if (pendingSnapshot > 0) {
            text.append(" pendingSnap=").append(pendingSnapshot);
        }
        if (!recentlyActive) {
            text.append(" inactive");
        }
        if (inflights.count() > 0) {
            text.append(" inflight=").append(inflights.count());
            if (inflights.isFull()) {
                text.append("[full]");
            }
        }
        return text.toString();
    }
}
