package io.quorate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quorate.config.MemberUrl.Scheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemberUrlTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:2379",
                "https://10.0.0.1:2380",
                "http://[::1]:2379",
                "https://node-1.example.com:65535",
                "http://:2379",
                "unix:///run/quorate.sock",
                "unixs://localhost:0",
            })
    void toStringWhenReadGivesTheTextBack(String text) {
        assertThat(MemberUrl.of(text)).hasToString(text);
    }

    @Test
    void ofWhenHostAndPortGiveTheParts() {
        assertThat(MemberUrl.of(" HTTPS://[fe80::1%eth0]:2380 ".replace("%eth0", "")))
                .isEqualTo(new MemberUrl(Scheme.HTTPS, "fe80::1", 2380));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    localhost:2379            | it must look like http://host:port
                    ftp://localhost:2379      | the scheme must be
                    http://localhost          | host and port must be written
                    http://localhost:port     | host and port must be written
                    http://user@localhost:1   | host and port must be written
                    http://a b:1              | host and port must be written
                    http://::1:2379           | host and port must be written
                    http://localhost:65536    | the port must be at most 65535
                    http://localhost:2379/    | nothing may follow the port
                    http://localhost:2379?a=b | nothing may follow the port
                    unix://                   | the path of the socket file is missing
                    """)
    void ofWhenOfAnotherFormSaysWhy(String text, String problem) {
        assertThatExceptionOfType(BadUrlException.class)
                .isThrownBy(() -> MemberUrl.of(text))
                .withMessageContaining(text)
                .withMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:1, true",
        "http://0.0.0.0:1, true",
        "http://[::]:1, true",
        "unix://anything, true",
        "http://node-1:1, false",
        "http://:1, false",
    })
    void isBindableWhenAnAddressOrLocalhost(String text, boolean bindable) {
        assertThat(MemberUrl.of(text).isBindable()).isEqualTo(bindable);
    }

    @Test
    void isReachableWhenTheHostIsMissingIsFalse() {
        assertThat(MemberUrl.of("http://:2379").isReachable()).isFalse();
        assertThat(MemberUrl.of("http://a:2379").isReachable()).isTrue();
    }
}
