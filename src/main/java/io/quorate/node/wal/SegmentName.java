package io.quorate.node.wal;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * The name of a segment file: {@code %016x-%016x.wal}.
 *
 * @param sequence number of the segment, from 0, without holes
 * @param index when the segment was begun the log ended right below this index; 0 for the first segment
 */
record SegmentName(long sequence, long index) implements Comparable<SegmentName> {

    private static final String SUFFIX = ".wal";
    private static final int DIGITS = 16;

    /** Empty when the text is not the name of a segment. */
    static Optional<SegmentName> parse(String text) {
        if (text.length() != 2 * DIGITS + 1 + SUFFIX.length() || text.charAt(DIGITS) != '-' || !text.endsWith(SUFFIX)) {
            return Optional.empty();
        }
        String sequence = text.substring(0, DIGITS);
        String index = text.substring(DIGITS + 1, 2 * DIGITS + 1);
        if (!isHex(sequence) || !isHex(index)) {
            return Optional.empty();
        }
        return Optional.of(
                new SegmentName(HexFormat.fromHexDigitsToLong(sequence), HexFormat.fromHexDigitsToLong(index)));
    }

    private static boolean isHex(String digits) {
        return digits.chars().allMatch(digit -> (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f'));
    }

    /** The index of the last entry of the log when the segment was begun. */
    long previousIndex() {
        return Math.max(0, index - 1);
    }

    @Override
    public int compareTo(SegmentName other) {
        return Long.compareUnsigned(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%016x-%016x%s", sequence, index, SUFFIX);
    }
}
