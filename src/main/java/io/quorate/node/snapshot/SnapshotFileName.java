package io.quorate.node.snapshot;

import java.util.Comparator;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a snapshot file, {@code %016x-%016x.snap}; ordered oldest first.
 *
 * @param term the term of the last entry that the snapshot contains
 * @param index that entry's index
 */
record SnapshotFileName(long term, long index) implements Comparable<SnapshotFileName> {

    private static final Pattern FORM = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})\\.snap");
    private static final Comparator<SnapshotFileName> ORDER =
            Comparator.comparingLong(SnapshotFileName::term).thenComparingLong(SnapshotFileName::index);

    /** Empty when the text is not the name of a snapshot file. */
    static Optional<SnapshotFileName> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new SnapshotFileName(
                HexFormat.fromHexDigitsToLong(matcher.group(1)), HexFormat.fromHexDigitsToLong(matcher.group(2))));
    }

    @Override
    public int compareTo(SnapshotFileName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%016x-%016x.snap", term, index);
    }
}
