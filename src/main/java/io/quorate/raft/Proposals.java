package io.quorate.raft;

import io.quorate.raft.RaftException.ProposalDroppedException;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.ConfChangeCodec;
import io.quorate.raft.log.Entries;
import java.util.ArrayList;
import java.util.List;

/**
 * A leader's gate to the log: how much may be uncommitted, and which membership changes may enter now.
 *
 * <p>One thread at a time: the owner of the {@link RawNode}.
 */
final class Proposals {

    private final Raft raft;

    /**
     * The index of the last membership change in the log, or an upper bound of it. At most one change may be in
     * the log and not applied (thesis, section 4.1): a further one enters only once {@code applied >=
     * pendingConfIndex}. Set when a change is appended, and to the last index when a term begins.
     */
    private long pendingConfIndex;

    /**
     * Payload bytes of the entries of this term that are not committed yet. Grows by each proposal, shrinks by
     * each commit, is 0 when a term begins; at most {@code maxUncommittedSize} unless a single proposal exceeds
     * it.
     */
    private long uncommittedBytes;

    Proposals(Raft raft) {
        this.raft = raft;
    }

    void reset() {
        pendingConfIndex = 0;
        uncommittedBytes = 0;
    }

    long pendingConfIndex() {
        return pendingConfIndex;
    }

    /** Begins a leader's term. Any entry of the log may be a membership change, so all of it must be applied first. */
    void start() {
        pendingConfIndex = raft.log().lastIndex();
        append(List.of(Entry.empty(0, 0)), pendingConfIndex);
    }

    /**
     * Gives the proposed entries their place in the log.
     *
     * @throws ProposalDroppedException if too much is uncommitted
     */
    void append(List<Entry> proposed) {
        long first = raft.log().lastIndex() + 1;
        long confIndex = pendingConfIndex;
        List<Entry> entries = new ArrayList<>(proposed.size());
        for (int i = 0; i < proposed.size(); i++) {
            Entry entry = proposed.get(i);
            if (entry.type() == EntryType.NORMAL) {
                entries.add(entry);
            } else if (mayEnter(entry, confIndex)) {
                entries.add(entry);
                confIndex = first + i;
            } else {
                entries.add(Entry.empty(0, 0));
            }
        }
        append(entries, confIndex);
    }

    /** Whether a membership change may enter; if not, an empty entry takes its place, so that the proposer learns it. */
    private boolean mayEnter(Entry entry, long confIndex) {
        ConfChange change;
        try {
            change = ConfChangeCodec.decode(entry);
        } catch (IllegalArgumentException e) {
            raft.logger().warn(() -> raft.hexId() + " ignoring malformed conf change: " + e.getMessage());
            return false;
        }
        String reason = refusal(change, confIndex);
        if (reason.isEmpty() || raft.config().disableConfChangeValidation()) {
            return true;
        }
        raft.logger()
                .info(() -> raft.hexId() + " ignoring conf change " + change.describe() + " at config "
                        + raft.tracker().configuration() + ": " + reason);
        return false;
    }

    private String refusal(ConfChange change, long confIndex) {
        boolean joint = raft.tracker().configuration().isJoint();
        boolean leaves = change.changes().isEmpty();
        long applied = raft.log().applied();
        if (confIndex > applied) {
            return "possible unapplied conf change at index " + confIndex + " (applied to " + applied + ")";
        }
        if (joint && !leaves) {
            return "must transition out of joint config first";
        }
        if (!joint && leaves) {
            return "not in joint state; refusing empty conf change";
        }
        return "";
    }

    private void append(List<Entry> proposed, long confIndex) {
        long bytes = Entries.payloadSize(proposed);
        long bytesMax = raft.config().maxUncommittedSize();
        // Without payload an entry always passes: a new term's first entry and the end of a joint configuration must.
        if (bytesMax != 0 && uncommittedBytes > 0 && bytes > 0 && uncommittedBytes + bytes > bytesMax) {
            raft.logger()
                    .warn(
                            () -> raft.hexId()
                                    + " appending new entries to log would exceed uncommitted entry size limit; dropping proposal");
            throw new ProposalDroppedException(true);
        }
        uncommittedBytes += bytes;
        pendingConfIndex = confIndex;
        long index = raft.log().lastIndex();
        List<Entry> entries = new ArrayList<>(proposed.size());
        for (int i = 0; i < proposed.size(); i++) {
            Entry entry = proposed.get(i);
            entries.add(new Entry(raft.term(), ++index, entry.type(), entry.data()));
        }
        raft.log().append(entries);
        // The own acknowledgement counts like that of any member: only once the entries are on stable storage.
        raft.send(raft.message(MessageType.APP_RESP, raft.id()).index(index).build());
    }

    /** Entries are applied and no longer count as uncommitted; some may stem from before this leader's term. */
    void release(List<Entry> entries) {
        uncommittedBytes = Math.max(0, uncommittedBytes - Entries.payloadSize(entries));
    }
}
