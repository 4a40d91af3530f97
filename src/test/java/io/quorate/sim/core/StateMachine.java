package io.quorate.sim.core;

import io.quorate.linearizability.Answer;
import io.quorate.linearizability.Store;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.Snapshot;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * What a member applies its log to: the store that the histories are checked against, and a digest of all it went
 * through. Snapshots refer to it by a number, as production's snapshots refer to a checkpoint of the database.
 */
final class StateMachine {

    /**
     * One state, immutable.
     *
     * @param index the last entry that is in it
     * @param term that entry's term
     * @param digest of all entries and answers up to here
     */
    record State(long index, long term, ConfState confState, Store store, long digest) {

        Snapshot snapshot(byte[] data) {
            return index == 0 ? Snapshot.EMPTY : new Snapshot(index, term, confState, data);
        }
    }

    /** Where the states that snapshots refer to are kept. */
    static final class Archive {

        private final Map<Integer, State> states = new HashMap<>();

        Snapshot put(State state) {
            int number = states.size();
            states.put(number, state);
            return state.snapshot(
                    ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
        }

        State get(Snapshot snapshot) {
            if (snapshot.isEmpty()) {
                return new State(0, 0, ConfState.EMPTY, Store.EMPTY, 0);
            }
            State state = states.get(ByteBuffer.wrap(snapshot.data()).getInt());
            if (state == null) {
                throw new AssertionError("nobody took the snapshot at " + snapshot.index());
            }
            return state;
        }
    }

    private State state;

    StateMachine(State initial) {
        state = initial;
    }

    State state() {
        return state;
    }

    /** Takes a normal entry that holds a command. */
    Answer apply(Entry entry, Proposed proposed) {
        Answer answer = state.store().answer(proposed.command());
        Store next = state.store().after(proposed.command());
        long digest = mix(mix(state.digest(), proposed.id()), answer.hashCode());
        state = new State(entry.index(), entry.term(), state.confState(), next, mix(digest, entry.index()));
        return answer;
    }

    /** Takes an entry that changes nothing in the store. */
    void pass(Entry entry, ConfState confState) {
        long digest = mix(mix(state.digest(), confState.hashCode()), entry.index());
        state = new State(entry.index(), entry.term(), confState, state.store(), digest);
    }

    void replace(State other) {
        state = other;
    }

    private static long mix(long digest, long value) {
        return Long.rotateLeft(digest * 0x9E3779B97F4A7C15L, 23) ^ (value * 0xD1342543DE82EF95L);
    }
}
