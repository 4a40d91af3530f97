package io.quorate.integrity;

import io.quorate.base.Numbered;
import io.quorate.base.Numbering;
import java.util.Optional;

/** What members ask each other about their histories, with the numbers on the wire. */
enum IntegrityCall implements Numbered {
    /** Eight bytes of a revision; the answer is a {@link HistoryHash} up to there. */
    HASH(16),
    /** Eight bytes of a compacted revision; the answer is the {@link HistoryHash} that was kept of it. */
    COMPACTION_HASH(17),
    /** Eight bytes of a revision up to which the receiver differs; the answer is one byte, 1 if it rebuilds its state. */
    DIFFERS(18);

    private static final Numbering<IntegrityCall> ALL = Numbering.of(IntegrityCall.class);

    private final int number;

    IntegrityCall(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }

    static Optional<IntegrityCall> numbered(int number) {
        return Optional.ofNullable(ALL.find(number));
    }
}
