package io.quorate.config;

import java.time.Duration;
import java.util.Locale;
import org.springframework.boot.convert.DurationStyle;

/** How much history is kept without a request for compaction. */
public sealed interface AutoCompaction {

    /** Nothing is compacted unless asked for. */
    record Off() implements AutoCompaction {}

    /** @param retention history younger than this is kept */
    record Periodic(Duration retention) implements AutoCompaction {}

    /** @param retention this many of the newest revisions are kept */
    record Revisions(long retention) implements AutoCompaction {}

    /** Two ways to say how much. */
    enum Mode {
        PERIODIC,
        REVISION;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads the retention as etcd does: a bare number is hours in periodic mode and revisions in the other, anything
     * else must be a duration and periodic.
     *
     * @throws BadSettingException if it is neither
     */
    static AutoCompaction of(Mode mode, String retention) {
        String text = retention.strip();
        boolean number = text.matches("\\d{1,18}");
        if (text.isEmpty() || (number && Long.parseLong(text) == 0)) {
            return new Off();
        }
        return switch (mode) {
            case PERIODIC -> periodic(number ? Duration.ofHours(Long.parseLong(text)) : duration(retention));
            case REVISION -> {
                if (!number) {
                    throw bad(retention, "must be a number of revisions when quorate.auto-compaction-mode is revision");
                }
                yield new Revisions(Long.parseLong(text));
            }
        };
    }

    private static AutoCompaction periodic(Duration retention) {
        return retention.isZero() ? new Off() : new Periodic(retention);
    }

    private static Duration duration(String retention) {
        try {
            Duration duration = DurationStyle.detectAndParse(retention.strip());
            if (duration.isNegative()) {
                throw bad(retention, "must not be negative");
            }
            return duration;
        } catch (IllegalArgumentException notADuration) {
            if (notADuration instanceof BadSettingException bad) {
                throw bad;
            }
            throw bad(retention, "must be a duration such as 30m or a number of hours");
        }
    }

    private static BadSettingException bad(String retention, String problem) {
        return new BadSettingException("quorate.auto-compaction-retention", retention, problem);
    }
}
