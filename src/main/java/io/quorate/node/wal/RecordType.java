package io.quorate.node.wal;

/** What a record of the log is; the ordinal plus one is the number in the file. */
enum RecordType {
    METADATA,
    ENTRY,
    STATE,
    CRC,
    SNAPSHOT;

    private static final RecordType[] ALL = values();

    int number() {
        return ordinal() + 1;
    }

    static boolean isKnown(int number) {
        return number >= 1 && number <= ALL.length;
    }

    static RecordType of(int number) {
        return ALL[number - 1];
    }
}
