package io.quorate.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressRuleTests {

    private static final Map<String, String> HOSTS = Map.of("one.example", "10.0.0.1", "six.example", "fd00::6");

    private static final AddressRule RULE = new AddressRule(new AddressRule.Names() {
        @Override
        public List<InetAddress> addresses(String name) throws UnknownHostException {
            if (!HOSTS.containsKey(name)) {
                throw new UnknownHostException(name);
            }
            return List.of(InetAddress.getByName("192.0.2.1"), InetAddress.getByName(HOSTS.get(name)));
        }

        @Override
        public String name(InetAddress address) {
            return address.getHostAddress().equals("10.0.0.1") ? "one.example" : address.getHostAddress();
        }
    });

    private static boolean passes(String remote, List<String> dns, List<String> addresses) {
        try {
            RULE.check(new SubjectNames(List.of(), dns, addresses), remote);
            return true;
        } catch (CertificateException refused) {
            return false;
        }
    }

    @Test
    void checkWhenCertificateNamesNoHostPasses() {
        assertThat(passes("10.0.0.1", List.of(), List.of())).isTrue();
    }

    @Test
    void checkWhenAddressIsOneOfTheCertificatePasses() {
        assertThat(passes("10.0.0.1", List.of(), List.of("10.0.0.9", "10.0.0.1")))
                .isTrue();
        assertThat(passes("fd00:0:0:0:0:0:0:6", List.of(), List.of("fd00::6"))).isTrue();
        assertThat(passes("10.0.0.1", List.of(), List.of("10.0.0.9"))).isFalse();
    }

    @Test
    void checkWhenANameLeadsToTheAddressPasses() {
        assertThat(passes("10.0.0.1", List.of("gone.example", "one.example"), List.of()))
                .isTrue();
        assertThat(passes("10.0.0.1", List.of("one.example"), List.of("10.0.0.9")))
                .isTrue();
        assertThat(passes("10.0.0.1", List.of("gone.example", "six.example"), List.of()))
                .isFalse();
    }

    @Test
    void checkWhenNameHasAStarLooksForTheNameOfTheAddress() {
        assertThat(passes("10.0.0.1", List.of("*.example"), List.of())).isTrue();
        assertThat(passes("10.0.0.2", List.of("*.example"), List.of())).isFalse();
    }

    @Test
    void checkWhenRemoteIsNoAddressRefuses() {
        assertThatThrownBy(() -> RULE.check(new SubjectNames(List.of(), List.of("a"), List.of()), "a"))
                .isInstanceOf(CertificateException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "a.example, a.example, true",
        "A.example, a.EXAMPLE., true",
        "*.example, a.example, true",
        "*.example, a.b.example, false",
        "*.example, example, false",
        "a.example, b.example, false"
    })
    void coversWhenComparedKnowsTheStar(String name, String host, boolean covered) {
        assertThat(SubjectNames.covers(name, host)).isEqualTo(covered);
    }
}
