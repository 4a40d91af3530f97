package io.quorate.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTests {

    private static String quoted(String bytes) {
        return Printable.quoted(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void quotedEscapesWhatWouldForgeALine() {
        assertThat(quoted("a\r\n2026 ERROR \"x\" \\ \u001b[31m\u007f\u00e9\0"))
                .isEqualTo("\"a\\x0d\\x0a2026 ERROR \\\"x\\\" \\\\ \\x1b[31m\\x7f\\xe9\\x00\"");
    }

    @ParameterizedTest
    @CsvSource({"0, 0, ''", "64, 64, ''", "65, 64, ...", "4096, 64, ..."})
    void quotedIsCut(int length, int shown, String behind) {
        assertThat(quoted("k".repeat(length))).isEqualTo('"' + "k".repeat(shown) + '"' + behind);
    }
}
