package io.quorate.raft;

import java.util.List;

/**
 * The stable part of the log as the core reads it. Called by the thread that owns the {@link RawNode}, never
 * concurrently. Returned lists and entries must not change afterwards.
 */
public interface LogStorage {

    /** The hard state and configuration to start from. */
    InitialState initialState();

    /**
     * Entries from {@code low} to below {@code high}, at least one, then as many as stay within the byte limit.
     *
     * @throws CompactedException if {@code low} is not above the compacted prefix
     * @throws UnavailableException if an entry of the range is not there yet
     */
    List<Entry> entries(long low, long high, long maxBytes);

    /**
     * The term of an entry from {@code firstIndex() - 1} to {@code lastIndex()}; the term of the entry right below the
     * first one stays known, since replication compares it.
     *
     * @throws CompactedException if the entry is gone
     * @throws UnavailableException if it is not there yet
     */
    long term(long index);

    /** The lowest readable entry; everything below is only in a snapshot. */
    long firstIndex();

    /** The highest entry; {@code firstIndex() - 1} when there is none. */
    long lastIndex();

    /**
     * The snapshot to send to a member that lags behind the log; {@link Snapshot#EMPTY} while there is none, then the core
     * asks again later. It should be the newest applied state, not the one that the log was compacted to: a member that
     * was added since refuses a snapshot whose configuration it is not part of, and may be needed to commit anything.
     */
    Snapshot snapshot();

    /** What a member knows when it starts. */
    record InitialState(HardState hardState, ConfState confState) {}

    /** The log no longer reaches back that far. */
    final class CompactedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public CompactedException(long index, long firstIndex) {
            super("entry " + index + " is compacted, the log starts at " + firstIndex);
        }
    }

    /** The log does not reach that far yet. */
    final class UnavailableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public UnavailableException(long index, long lastIndex) {
            super("entry " + index + " is unavailable, the log ends at " + lastIndex);
        }
    }
}
