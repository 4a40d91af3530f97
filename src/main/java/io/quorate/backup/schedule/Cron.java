package io.quorate.backup.schedule;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Times by the five fields of cron: minute, hour, day of the month, month, day of the week (0 and 7 are Sunday), in UTC. A field is
 * {@code *}, a number, a range {@code a-b}, either with a step {@code /n}, or several of these with commas. If both days are restricted,
 * either is enough, as ever with cron. Example: {@code 30 2 * * 1-5} is half past two on working days.
 */
public final class Cron {

    private static final int FIELDS = 5;

    /** A date such as February 29th on a Monday comes again within that time, or never. */
    private static final int YEARS_MAX = 40;

    private static final int SUNDAY = 7;

    private final String text;
    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet days;
    private final BitSet months;
    private final BitSet weekdays;
    private final boolean eitherDay;

    private Cron(String text, List<String> fields) {
        this.text = text;
        minutes = parse(fields.get(0), 0, 59);
        hours = parse(fields.get(1), 0, 23);
        days = parse(fields.get(2), 1, 31);
        months = parse(fields.get(3), 1, 12);
        weekdays = parse(fields.get(4), 0, SUNDAY);
        if (weekdays.get(0)) {
            weekdays.set(SUNDAY);
        }
        eitherDay = !fields.get(2).startsWith("*") && !fields.get(4).startsWith("*");
    }

    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static Cron parse(String text) {
        List<String> fields = List.of(text.strip().split("\\s+"));
        if (fields.size() != FIELDS) {
            throw new IllegalArgumentException("must have five fields: minute hour day month weekday");
        }
        Cron cron = new Cron(text.strip(), fields);
        if (cron.next(Instant.EPOCH) == null) {
            throw new IllegalArgumentException("never comes");
        }
        return cron;
    }

    private static BitSet parse(String field, int min, int max) {
        BitSet set = new BitSet();
        for (String part : field.split(",", -1)) {
            String[] stepped = part.split("/", -1);
            int step = stepped.length == 1 ? 1 : number(stepped[1], 1, max);
            String[] range = stepped[0].split("-", -1);
            if (stepped.length > 2 || range.length > 2) {
                throw new IllegalArgumentException("has a field that cannot be read: " + field);
            }
            boolean all = stepped[0].equals("*");
            int from = all ? min : number(range[0], min, max);
            int to = all || (range.length == 1 && stepped.length == 2)
                    ? max
                    : number(range[range.length - 1], from, max);
            for (int value = from; value <= to; value += step) {
                set.set(value);
            }
        }
        return set;
    }

    private static int number(String text, int min, int max) {
        if (!text.matches("\\d{1,2}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
            throw new IllegalArgumentException(
                    "has " + text + " where a number from " + min + " to " + max + " must be");
        }
        return Integer.parseInt(text);
    }

    /** The first time behind another; null if there is none within 40 years. */
    @Nullable
    Instant next(Instant behind) {
        ZonedDateTime time =
                behind.atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        int lastYear = time.getYear() + YEARS_MAX;
        while (time.getYear() <= lastYear) {
            if (!months.get(time.getMonthValue())) {
                time = time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).plusMonths(1);
            } else if (!isDay(time)) {
                time = time.truncatedTo(ChronoUnit.DAYS).plusDays(1);
            } else if (!hours.get(time.getHour())) {
                time = time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
            } else if (!minutes.get(time.getMinute())) {
                time = time.plusMinutes(1);
            } else {
                return time.toInstant();
            }
        }
        return null;
    }

    private boolean isDay(ZonedDateTime time) {
        boolean day = days.get(time.getDayOfMonth());
        boolean weekday = weekdays.get(time.getDayOfWeek().getValue());
        return eitherDay ? day || weekday : day && weekday;
    }

    /** Whether a time of this has come since another, or comes now. */
    boolean isDue(Instant since, Instant now) {
        Instant next = next(since);
        return next != null && !next.isAfter(now);
    }

    @Override
    public String toString() {
        return text;
    }
}
