package io.quorate.node.wal;

import io.quorate.base.Numbered;
import io.quorate.base.Numbering;

/** What a record of the log is, with the numbers in the file. */
enum RecordType implements Numbered {
    METADATA(1),
    ENTRY(2),
    STATE(3),
    CRC(4),
    SNAPSHOT(5);

    private static final Numbering<RecordType> ALL = Numbering.of(RecordType.class);

    private final int number;

    RecordType(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }

    static boolean isKnown(int number) {
        return ALL.find(number) != null;
    }

    /** The type with a number that is known. */
    static RecordType of(int number) {
        RecordType type = ALL.find(number);
        if (type == null) {
            throw new IllegalArgumentException("unknown type of record " + number);
        }
        return type;
    }
}
