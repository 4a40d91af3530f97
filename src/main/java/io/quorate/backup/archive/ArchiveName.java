package io.quorate.backup.archive;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of an object, which says what is in it. Times come first, so names sort by them. Numbers are 16 digits, hexadecimal, as in
 * {@code cdf818194e3a8c32/full/20261130t083534123z-000000000000000f-89ab12cd34ef5678-ffffffffffffffff-0123456789abcdef.qb}.
 */
public sealed interface ArchiveName {

    /** The state that an object refers to if it does not say what lay beside its last revision. */
    long NO_STATE = 0;

    /** The cluster that wrote it. */
    long cluster();

    /** Of the moment that it is about, by the clock of the member that wrote it, and later than all that it found in the store. */
    Instant time();

    /** Of the key it is sealed with; empty for none. See {@link Seal#id}. */
    String seal();

    /** All folders and the name, as the store has it. */
    String text();

    /** An object with history. */
    sealed interface Historic extends ArchiveName {

        /** The last revision in it. */
        Point end();

        /** What the state of its moment is called; {@link #NO_STATE} if it refers to none. */
        long state();
    }

    /**
     * A full backup.
     *
     * @param compacted the compacted revision at its moment; -1 for none. It has all revisions behind it
     */
    record Full(long cluster, Instant time, Point end, long compacted, long state, String seal) implements Historic {

        @Override
        public String text() {
            return folder(cluster, FULL)
                    + String.join("-", stamp(time), hex(end.revision()), hex(end.tip()), hex(compacted), hex(state))
                    + ending(seal);
        }
    }

    /**
     * The changes between two points.
     *
     * @param begin the revision before the first in it; the end, if only the state has changed
     */
    record Segment(long cluster, Instant time, Point begin, Point end, long state, String seal) implements Historic {

        @Override
        public String text() {
            return folder(cluster, LOG)
                    + String.join(
                            "-",
                            stamp(time),
                            hex(begin.revision()),
                            hex(begin.tip()),
                            hex(end.revision()),
                            hex(end.tip()),
                            hex(state))
                    + ending(seal);
        }
    }

    /**
     * What has no history.
     *
     * @param digest the first 8 bytes of the SHA-256 of its records
     */
    record State(long cluster, Instant time, long digest, String seal) implements ArchiveName {

        @Override
        public String text() {
            return folder(cluster, STATE) + stamp(time) + "-" + hex(digest) + ending(seal);
        }
    }

    /** The folder of full backups. */
    String FULL = "full";

    /** The folder of segments. */
    String LOG = "log";

    /** The folder of states. */
    String STATE = "state";

    /** The folder with all objects of a kind. */
    static String folder(long cluster, String kind) {
        return hex(cluster) + "/" + kind + "/";
    }

    /** Where the names of a moment begin in a folder: those of earlier moments sort before it. */
    static String since(String folder, Instant time) {
        return folder + stamp(time);
    }

    /** The cluster whose folder has that name. */
    static Optional<Long> clusterOf(String folder) {
        return folder.matches("[0-9a-f]{16}") ? Optional.of(HexFormat.fromHexDigitsToLong(folder)) : Optional.empty();
    }

    /** Reads a name; empty if it is none of ours. */
    static Optional<ArchiveName> parse(String text) {
        Matcher matcher = NameForm.WHOLE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(NameForm.read(matcher));
        } catch (DateTimeException noTime) {
            return Optional.empty();
        }
    }

    private static String stamp(Instant time) {
        return NameForm.STAMP.format(time.truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC));
    }

    private static String hex(long number) {
        return HexFormat.of().toHexDigits(number);
    }

    private static String ending(String seal) {
        return seal.isEmpty() ? ".qb" : ".qb-" + seal;
    }

    /** How names are read. */
    final class NameForm {

        private static final Pattern WHOLE = Pattern.compile("([0-9a-f]{16})/(full|log|state)/(\\d{8}t\\d{9}z)"
                + "((?:-[0-9a-f]{16}){1,5})\\.qb(?:-([0-9a-f]{8}))?");
        private static final DateTimeFormatter STAMP =
                DateTimeFormatter.ofPattern("uuuuMMdd't'HHmmssSSS'z'", Locale.ROOT);
        private static final int DIGITS = 16;

        private NameForm() {}

        private static @Nullable ArchiveName read(Matcher matcher) {
            long cluster = HexFormat.fromHexDigitsToLong(matcher.group(1));
            Instant time = LocalDateTime.parse(matcher.group(3), STAMP).toInstant(ZoneOffset.UTC);
            String group = matcher.group(4);
            long[] numbers = new long[group.length() / (DIGITS + 1)];
            for (int i = 0; i < numbers.length; i++) {
                int from = i * (DIGITS + 1) + 1;
                numbers[i] = HexFormat.fromHexDigitsToLong(group, from, from + DIGITS);
            }
            String seal = matcher.group(5) == null ? "" : matcher.group(5);
            return switch (matcher.group(2) + numbers.length) {
                case FULL + 4 -> full(cluster, time, numbers, seal);
                case LOG + 5 -> segment(cluster, time, numbers, seal);
                case STATE + 1 -> new State(cluster, time, numbers[0], seal);
                default -> null;
            };
        }

        private static @Nullable ArchiveName full(long cluster, Instant time, long[] numbers, String seal) {
            Point end = new Point(numbers[0], numbers[1]);
            boolean possible = end.revision() > 0 && numbers[2] <= end.revision();
            return possible ? new Full(cluster, time, end, numbers[2], numbers[3], seal) : null;
        }

        private static @Nullable ArchiveName segment(long cluster, Instant time, long[] numbers, String seal) {
            Point begin = new Point(numbers[0], numbers[1]);
            Point end = new Point(numbers[2], numbers[3]);
            boolean possible = begin.revision() > 0 && begin.revision() <= end.revision();
            return possible ? new Segment(cluster, time, begin, end, numbers[4], seal) : null;
        }
    }
}
