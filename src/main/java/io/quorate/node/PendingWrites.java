package io.quorate.node;

import io.quorate.raft.ConfState;
import java.lang.invoke.VarHandle;

/**
 * The log writes that were not reported back yet, and whether a new proposal may wait for such a report. Changed by the
 * {@code raft-node} thread.
 *
 * <p>In a cluster of one it may: whatever is proposed during a write commits with the next one at the earliest, and the
 * report wakes the thread anyway. To wake it for each proposal instead would have it push aside, several times per write,
 * the very threads that bring more of them. With other voters a proposal goes out to them at once.
 */
final class PendingWrites {

    private final long id;

    /** Whether this member is the only voter. Follows the applied configuration. */
    private boolean alone;

    /** The number of writes handed to the log writer and not reported back. Never negative. */
    private int pending;

    /**
     * Whether a proposal need not wake the thread: {@code alone && pending > 0}. Written by {@code raft-node},
     * read by proposing threads.
     */
    private volatile boolean absorbing;

    /** @param id the member that writes */
    PendingWrites(long id, ConfState confState) {
        this.id = id;
        changed(confState);
    }

    /** The members changed. */
    void changed(ConfState confState) {
        alone = confState.votersOutgoing().isEmpty()
                && confState.voters().size() == 1
                && confState.voters().getFirst() == id;
        update();
    }

    /** Whether the member is the only voter. */
    boolean isAlone() {
        return alone;
    }

    /** A write was handed to the log. */
    void submitted() {
        pending++;
        update();
    }

    /** Writes are durable; before the inbox is looked at, so that it is seen to have what was not announced. */
    void reported(int writes) {
        pending -= writes;
        update();
    }

    /**
     * Whether a report is still to come that makes the {@code raft-node} thread see what its inbox has already. Any thread,
     * after it put something there.
     */
    boolean absorb() {
        // An answer that is read before the proposal can be seen may be out of date: then nothing would wake the
        // thread.
        VarHandle.fullFence();
        return absorbing;
    }

    private void update() {
        absorbing = alone && pending > 0;
    }
}
