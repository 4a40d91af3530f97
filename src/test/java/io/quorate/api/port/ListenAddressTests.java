package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.quorate.api.port.ListenAddress.Protocols;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTests {

    @Test
    void parseWhenUrlIsCompleteTakesItApart() {
        assertThat(ListenAddress.parse("https://127.0.0.1:2379"))
                .isEqualTo(new ListenAddress(true, "127.0.0.1", 2379, Protocols.ALL, false));
        assertThat(ListenAddress.parse("http://[::1]:0", Protocols.HTTP))
                .isEqualTo(new ListenAddress(false, "::1", 0, Protocols.HTTP, false))
                .hasToString("http://[::1]:0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:2379", "ftp://localhost:1", "http://localhost", "http://:1", "http://a b:1", ""})
    void parseWhenUrlIsWrongRefuses(String url) {
        assertThatIllegalArgumentException().isThrownBy(() -> ListenAddress.parse(url));
    }

    @Test
    void optionsWhenTlsIsMissingOrAddressIsRepeatedRefuse() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientPortSettings.defaults(ListenAddress.parse("https://127.0.0.1:1")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientPortSettings.defaults(
                        ListenAddress.parse("http://127.0.0.1:1"), ListenAddress.parse("http://127.0.0.1:1")));
        assertThatIllegalArgumentException().isThrownBy(ClientPortSettings::defaults);
    }
}
