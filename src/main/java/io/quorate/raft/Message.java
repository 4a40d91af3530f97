package io.quorate.raft;

import java.util.List;
import lombok.Builder;
import org.jspecify.annotations.Nullable;

/**
 * A message between members, or between the core and its storage threads.
 *
 * <p>Which fields mean what depends on the type; unused ones are zero, empty or null.
 *
 * @param type what it asks or answers
 * @param to the receiving member, or one of the storage threads
 * @param from the sending member, or one of the storage threads
 * @param term the sender's term; 0 for a message that does not leave the member
 * @param logTerm the term of the entry at {@code index}
 * @param index a place in the log
 * @param entries the entries to append, apply or propose
 * @param commit the sender's committed index
 * @param vote with a hard state handed to storage: the vote
 * @param snapshot the state to install
 * @param reject whether the answer is no
 * @param rejectHint the follower's best guess of where the logs agree
 * @param context an opaque tag: read requests, transfer campaigns
 * @param responses what the storage thread must deliver once the work is durable
 */
@Builder(toBuilder = true)
@SuppressWarnings("ArrayRecordComponent") // opaque, never compared
public record Message(
        MessageType type,
        long to,
        long from,
        long term,
        long logTerm,
        long index,
        List<Entry> entries,
        long commit,
        long vote,
        @Nullable Snapshot snapshot,
        boolean reject,
        long rejectHint,
        byte @Nullable [] context,
        List<Message> responses) {

    /** The address of the thread that makes entries and hard state durable. */
    public static final long APPEND_THREAD = -1L;

    /** The address of the thread that applies committed entries. */
    public static final long APPLY_THREAD = -2L;

    public Message {
        entries = entries == null ? List.of() : entries;
        responses = responses == null ? List.of() : responses;
    }
}
