package io.quorate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.convert.DurationStyle;

class GoDurationTests {

    @ParameterizedTest
    @CsvSource({
        "0, 0h",
        "5s, 5s",
        "1h30m, 90m",
        "1h0m0.5s, 3600500ms",
        "1.5s, 1500ms",
        ".5ms, 500us",
        "1µs, 1us",
        "7ns, 7ns",
        "-2h, -2h",
        "+10m, 10m",
        "7200000000000ns, 2h"
    })
    void parseWhenWrittenInGoGivesOneUnit(String text, String expected) {
        assertThat(GoDuration.parse(text)).hasToString(expected);
        assertThat(DurationStyle.SIMPLE.parse(expected).toNanos())
                .isEqualTo(GoDuration.parse(text).nanoseconds());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5 s", "s", "1d", "1h-5m", ".s", "300000h300000h300000000h"})
    void parseWhenWrittenOtherwiseRefuses(String text) {
        assertThatThrownBy(() -> GoDuration.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("must be a duration");
    }
}
