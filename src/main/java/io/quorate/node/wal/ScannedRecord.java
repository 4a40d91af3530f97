package io.quorate.node.wal;

/** What is found where a record should begin. */
sealed interface ScannedRecord {

    /**
     * A whole record with a correct checksum.
     *
     * @param type what it is
     * @param hasData whether it carries data, be it empty
     * @param crc the checksum it carries
     * @param offset where in the window its data is
     * @param length of the data
     * @param end the position right behind the frame
     */
    record Sound(RecordType type, boolean hasData, int crc, int offset, int length, long end)
            implements ScannedRecord {}

    /** Nothing was ever written here, as far as this sector tells. */
    record End() implements ScannedRecord {}

    /**
     * A write that did not reach the disk as a whole explains it.
     *
     * @param next where the next frame begins, if the length can be trusted; 0 otherwise
     * @param reason what was seen
     */
    record Torn(long next, String reason) implements ScannedRecord {}

    /** No torn write looks like this. */
    record Damaged(String reason) implements ScannedRecord {}
}
