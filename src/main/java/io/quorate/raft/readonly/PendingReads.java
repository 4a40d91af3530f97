package io.quorate.raft.readonly;

import io.quorate.base.Bytes;
import io.quorate.raft.quorum.IdSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The reads of a leader that wait for a quorum of heartbeat answers, oldest first. A heartbeat round carries the tag of
 * the read that started it. When a quorum has answered a round, the leader led after every read up to that one was taken
 * up, so all of them are answered together.
 *
 * <p>Worked example: reads A, B, C start rounds A, B, C. A quorum answers round B first: A and B are answered, C waits.
 * The late answers to round A find nothing and are ignored.
 *
 * <p>One thread at a time: the owner of the {@link io.quorate.raft.RawNode}.
 */
public final class PendingReads {

    private final int requestsMax;

    /**
     * The rounds that wait for a quorum, by their tags, oldest first. At most {@link #requestsMax}; emptied
     * when the role ends.
     */
    private final SequencedMap<Bytes, Round> rounds = new LinkedHashMap<>();

    /**
     * No reads yet.
     *
     * @param requestsMax how many may wait; further ones are refused until a quorum answers
     */
    public PendingReads(int requestsMax) {
        this.requestsMax = requestsMax;
    }

    private static final class Round {
        private final ReadRequest request;
        private IdSet acks = IdSet.EMPTY;

        private Round(ReadRequest request) {
            this.request = request;
        }
    }

    /** Takes up a read; false if one with the same tag waits already, or too many do. */
    public boolean add(ReadRequest request) {
        if (rounds.size() >= requestsMax) {
            return false;
        }
        return rounds.putIfAbsent(Bytes.wrap(request.context()), new Round(request)) == null;
    }

    /**
     * Notes that a member answered the round of a tag, and takes out what that round now confirms: nothing while the
     * quorum is not satisfied, else all reads up to that one in the order in which they came.
     */
    public List<ReadRequest> acknowledge(byte[] context, long member, Predicate<IdSet> quorum) {
        Bytes key = Bytes.wrap(context);
        Round round = rounds.get(key);
        if (round == null) {
            return List.of();
        }
        round.acks = round.acks.with(member);
        return quorum.test(round.acks) ? takeThrough(key) : List.of();
    }

    /**
     * Takes out every read up to the newest one whose round satisfies the quorum, in the order in which they came; none
     * if no round does. For use when the quorum itself has changed.
     */
    public List<ReadRequest> takeConfirmed(Predicate<IdSet> quorum) {
        Bytes newest = null;
        for (Map.Entry<Bytes, Round> entry : rounds.sequencedEntrySet().reversed()) {
            if (quorum.test(entry.getValue().acks)) {
                newest = entry.getKey();
                break;
            }
        }
        return newest == null ? List.of() : takeThrough(newest);
    }

    private List<ReadRequest> takeThrough(Bytes newest) {
        List<ReadRequest> confirmed = new ArrayList<>();
        Iterator<Map.Entry<Bytes, Round>> remaining = rounds.entrySet().iterator();
        boolean done = false;
        while (!done && remaining.hasNext()) {
            Map.Entry<Bytes, Round> entry = remaining.next();
            confirmed.add(entry.getValue().request);
            done = entry.getKey().equals(newest);
            remaining.remove();
        }
        return confirmed;
    }

    /** The tag of the newest read, which every periodic heartbeat repeats in case its round got lost; null if none. */
    public byte @Nullable [] newestContext() {
        return rounds.isEmpty() ? null : rounds.lastEntry().getKey().unwrap();
    }

    public int size() {
        return rounds.size();
    }

    /** Drops all reads; readers retry. */
    public void clear() {
        rounds.clear();
    }

    /** How a leader makes sure that it still leads before it answers a read (thesis, section 6.4). */
    public enum ReadOnlyOption {
        /** By a round of heartbeats that a quorum answers. */
        SAFE,
        /**
         * By its lease: within an election timeout of the last contact with a quorum no other member can have been elected.
         * Needs check-quorum, and clocks that run at about the same speed on all members (thesis, section 6.4.1). The lease is as
         * coarse as check-quorum, which looks once in an election timeout; a voter that restarts, that forgets its leader, or that
         * takes part in a transfer does not respect it. So answers may be stale when any of this comes together with a partition:
         * the members of this service confirm reads with {@link #SAFE} only.
         */
        LEASE_BASED
    }

    /**
     * A read that a member asked for.
     *
     * @param from the member that asked; may be the leader itself
     * @param index the committed index when the leader took it up
     * @param context the tag to answer with
     */
    @SuppressWarnings("ArrayRecordComponent") // opaque, never compared
    public record ReadRequest(long from, long index, byte[] context) {}
}
