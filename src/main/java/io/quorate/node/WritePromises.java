package io.quorate.node;

import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the writes of the core promise: which must be fsynced before they are reported, and which may wait for the next one because
 * they promise nothing new. Used by {@code raft-node}, in the order of the writes.
 *
 * <p>At a light load a write that only notes the commit index follows on each that has entries, and a follower acknowledges once
 * more what it has acknowledged already. That costs as many wake-ups as the entry itself, and nobody waits for it.
 */
final class WritePromises {

    private HardState stored;

    /** Index of the newest change of the members; at the start any entry may be one. */
    private long newestChange;

    private @Nullable Message acknowledged;

    /**
     * @param stored the hard state that the log holds at the start
     * @param lastIndex of the log at the start
     */
    WritePromises(HardState stored, long lastIndex) {
        this.stored = stored;
        this.newestChange = lastIndex;
    }

    /** Takes note of a write. Returns whether it must be fsynced before it may be reported. */
    boolean note(Message write) {
        boolean lasts = mustLast(write);
        HardState state = hardStateOf(write);
        if (state != null) {
            stored = state;
        }
        for (Entry entry : write.entries()) {
            if (entry.type() != EntryType.NORMAL) {
                newestChange = entry.index();
            }
        }
        for (Message response : write.responses()) {
            if (response.type() == MessageType.APP_RESP) {
                acknowledged = response;
            }
        }
        return lasts;
    }

    /** Whether a write may wait for a later one: nothing of it must last, and it tells others nothing that they have not been told. */
    boolean mayWait(Message write) {
        if (mustLast(write)) {
            return false;
        }
        for (Message response : write.responses()) {
            if (!isRepeated(response)) {
                return false;
            }
        }
        return true;
    }

    private boolean isRepeated(Message response) {
        Message last = acknowledged;
        return last != null
                && response.type() == MessageType.APP_RESP
                && !response.reject()
                && !last.reject()
                && response.to() == last.to()
                && response.term() == last.term()
                && response.index() == last.index();
    }

    private boolean mustLast(Message write) {
        HardState state = hardStateOf(write);
        return !write.entries().isEmpty() || hasSnapshot(write) || state != null && mustLast(state);
    }

    /**
     * A commit index may be lost, as others know it too, but not that of a change of the members: one that it removed may be
     * gone by the time that its vote would be needed again.
     */
    private boolean mustLast(HardState state) {
        return state.isNewPromise(stored) || state.commit() != stored.commit() && stored.commit() < newestChange;
    }

    /**
     * One write in the place of two that may both wait, with one answer where each has the same.
     *
     * @param first null if there is none
     */
    static Message merge(@Nullable Message first, Message second) {
        Message newer = first == null || hardStateOf(second) != null ? second : first;
        List<Message> responses =
                first == null || !second.responses().isEmpty() ? second.responses() : first.responses();
        List<Message> last = responses.isEmpty() ? responses : List.of(responses.getLast());
        return newer.toBuilder().responses(last).build();
    }

    static boolean hasSnapshot(Message write) {
        return write.snapshot() != null && !write.snapshot().isEmpty();
    }

    /** What a write has of the hard state; null if nothing changed. */
    static @Nullable HardState hardStateOf(Message write) {
        boolean absent = write.term() == 0 && write.vote() == 0 && write.commit() == 0;
        return absent ? null : new HardState(write.term(), write.vote(), write.commit());
    }
}
