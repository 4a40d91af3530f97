package io.quorate.integrity;

import java.util.Optional;

/** What members ask each other about their histories, with the numbers on the wire. */
enum IntegrityCall {
    /** Eight bytes of a revision; the answer is a {@link HistoryHash} up to there. */
    HASH,
    /** Eight bytes of a compacted revision; the answer is the {@link HistoryHash} that was kept of it. */
    COMPACTION_HASH,
    /** Eight bytes of a revision up to which the receiver differs; the answer is one byte, 1 if it rebuilds its state. */
    DIFFERS;

    /** Below are the calls to a leader. */
    static final int FIRST = 16;

    @SuppressWarnings("EnumOrdinal") // the order is the wire format
    int number() {
        return FIRST + ordinal();
    }

    static Optional<IntegrityCall> numbered(int number) {
        int ordinal = number - FIRST;
        return ordinal < 0 || ordinal >= values().length ? Optional.empty() : Optional.of(values()[ordinal]);
    }
}
