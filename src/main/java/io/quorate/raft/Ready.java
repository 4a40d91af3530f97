package io.quorate.raft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the core wants done. With asynchronous storage writes the messages to {@link Message#APPEND_THREAD} and
 * {@link Message#APPLY_THREAD} carry the work, and the lists here only tell what it is.
 *
 * @param softState leader and role, when changed
 * @param hardState term, vote and commit, when changed
 * @param readStates answered read requests
 * @param entries entries to make durable
 * @param snapshot the snapshot to make durable and install
 * @param committedEntries entries to apply, in order
 * @param messages to send, in order; those to storage threads last
 * @param mustSync whether entries, term or vote changed, so that a synchronous writer owes an fsync; the thread of
 *     asynchronous writes finds out by itself, as it knows what it has written
 */
public record Ready(
        @Nullable SoftState softState,
        @Nullable HardState hardState,
        List<ReadState> readStates,
        List<Entry> entries,
        @Nullable Snapshot snapshot,
        List<Entry> committedEntries,
        List<Message> messages,
        boolean mustSync) {

    /**
     * What the application wants to know but need not store.
     *
     * @param leader the current leader; 0 when none is known
     * @param role this member's role
     */
    public record SoftState(long leader, Role role) {}

    /**
     * The answer to a read request: once the state machine has applied {@code index}, whatever it says is linearizable as of
     * the request (thesis, section 6.4).
     *
     * @param index the committed index when the leader confirmed that it still leads
     * @param context the tag that the request carried
     */
    @SuppressWarnings("ArrayRecordComponent") // opaque, never compared
    public record ReadState(long index, byte[] context) {}
}
