package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinaryFieldTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"AAEC | 000102", "AAE= | 0001", "AAE | 0001", "QR | 41", "'' | ''", "+/+/ | fbffbf"})
    void valueWhenBase64IsItsBytes(String text, String bytes) {
        assertThat(BinaryField.values(text))
                .singleElement()
                .satisfies(value -> assertThat(HexFormat.of().formatHex(value)).isEqualTo(bytes));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"AAEC,AAE | 000102 0001", "AA==,,AA | 00  00", "AAE, AAE= | 0001 0001"})
    void valuesWhenCommasAreBetweenThemAreSeveral(String text, String bytes) {
        assertThat(BinaryField.values(text).stream()
                        .map(value -> HexFormat.of().formatHex(value))
                        .collect(Collectors.joining(" ")))
                .isEqualTo(bytes);
    }

    @Test
    void valuesWhenThereAreTooManyAreRefused() {
        String most = "AA,".repeat(63) + "AA";
        assertThat(BinaryField.values(most)).hasSize(64);
        assertThatThrownBy(() -> BinaryField.values(most + ",AA")).isInstanceOf(IllegalArgumentException.class);
    }

    /** The places are those that etcd names. */
    @ParameterizedTest
    @CsvSource({
        "***, 0",
        "A, 0",
        "AB=, 2",
        "AB=C, 2",
        "AAE==, 3",
        "AAEC=, 4",
        "QUJD*, 4",
        "a b, 1",
        "'AA\"C', 2",
        "'AAEC,A', 4"
    })
    void valueWhenItIsNoBase64IsRefusedWithThePlace(String text, int place) {
        assertThatThrownBy(() -> BinaryField.values(text)).isInstanceOf(IllegalArgumentException.class);
        assertThat(BinaryField.corruptAt(text)).isEqualTo(place);
    }
}
