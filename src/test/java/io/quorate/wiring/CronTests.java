package io.quorate.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 2 * * *       | 2026-11-30T01:59:59Z | 2026-11-30T02:00:00Z
            0 2 * * *       | 2026-11-30T02:00:00Z | 2026-12-01T02:00:00Z
            */15 * * * *    | 2026-11-30T23:50:00Z | 2026-12-01T00:00:00Z
            5-20/5 4 * * *  | 2026-11-30T04:11:00Z | 2026-11-30T04:15:00Z
            30 2 * * 1-5    | 2026-11-27T02:30:00Z | 2026-11-30T02:30:00Z
            0 0 * * 0       | 2026-11-30T00:00:00Z | 2026-12-06T00:00:00Z
            0 0 * * 7       | 2026-11-30T00:00:00Z | 2026-12-06T00:00:00Z
            0 0 13 * 5      | 2026-11-30T00:00:00Z | 2027-08-13T00:00:00Z
            @daily          | 2026-11-30T00:00:00Z | 2026-12-01T00:00:00Z
            0 0 29 2 *      | 2026-11-30T00:00:00Z | 2028-02-29T00:00:00Z
            0 0 1 1,7 *     | 2026-11-30T00:00:00Z | 2027-01-01T00:00:00Z
            59 23 31 12 *   | 2026-12-31T23:59:30Z | 2027-12-31T23:59:00Z
            10/20 * * * *   | 2026-11-30T00:31:00Z | 2026-11-30T00:50:00Z
            """)
    void nextWhenAskedIsTheFirstTimeBehind(String expression, Instant behind, Instant expected) {
        assertThat(Cron.parse(expression).next(behind)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "* * * *",
                "60 * * * *",
                "* 24 * * *",
                "* * 0 * *",
                "* * * 13 *",
                "* * * * 8",
                "a * * * *",
                "5-2 * * * *",
                "1-2-3 * * * *",
                "*/0 * * * *",
                "1//2 * * * *",
                "0 0 31 2 *",
                "* * * * * *",
                ", * * * *"
            })
    void parseWhenWrongRefuses(String expression) {
        assertThatThrownBy(() -> Cron.parse(expression)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void dueWhenATimeHasComeSinceIsTrue() {
        Cron cron = Cron.parse("0 2 * * *");
        assertThat(cron.isDue(Instant.parse("2026-11-30T01:00:00Z"), Instant.parse("2026-11-30T01:59:59Z")))
                .isFalse();
        assertThat(cron.isDue(Instant.parse("2026-11-30T01:00:00Z"), Instant.parse("2026-11-30T02:00:00Z")))
                .isTrue();
    }
}
