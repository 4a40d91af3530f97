package io.quorate.wiring;

import io.quorate.backup.schedule.Schedule;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import lombok.AccessLevel;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/**
 * Times by the five fields of cron, in UTC: minute, hour, day of the month, month, day of the week. Read by Spring, whose fields and names
 * they have, {@code @daily} and {@code L} included; as there, a day has to fit both fields of days.
 */
@RequiredArgsConstructor(access = AccessLevel.PRIVATE)
final class Cron implements Schedule {

    private static final int FIELDS = 5;

    private final CronExpression expression;

    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static Cron parse(String text) {
        String fields = text.strip();
        boolean named = fields.startsWith("@");
        if (!named && fields.split("\\s+").length != FIELDS) {
            throw new IllegalArgumentException("must have five fields: minute hour day month weekday");
        }
        Cron cron = new Cron(CronExpression.parse(named ? fields : "0 " + fields));
        if (cron.next(Instant.EPOCH) == null) {
            throw new IllegalArgumentException("never comes");
        }
        return cron;
    }

    @Override
    public @Nullable Instant next(Instant behind) {
        ZonedDateTime next = expression.next(behind.atZone(ZoneOffset.UTC));
        return next == null ? null : next.toInstant();
    }
}
