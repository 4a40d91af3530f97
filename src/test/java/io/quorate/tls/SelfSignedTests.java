package io.quorate.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelfSignedTests {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void createWhenHostsAreGivenNamesThem() throws Exception {
        Identity made = SelfSigned.create(List.of("member.example", "10.0.0.1", "fd00::6"), NOW, Duration.ofDays(365));
        X509Certificate certificate = made.chain().getFirst();
        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getSerialNumber()).isPositive();
        assertThat(certificate.getKeyUsage()[0]).isTrue();
        assertThat(certificate.getExtendedKeyUsage()).hasSize(2);
        SubjectNames names = SubjectNames.of(certificate);
        assertThat(names.dns()).containsExactly("member.example");
        assertThat(names.addresses()).containsExactly("10.0.0.1", "fd00:0:0:0:0:0:0:6");
        assertThatCode(made::keyManagers).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 365, 36_500})
    void createWhenValidityIsGivenHoldsSoLong(int days) {
        X509Certificate certificate = SelfSigned.create(List.of("a"), NOW, Duration.ofDays(days))
                .chain()
                .getFirst();
        assertThat(certificate.getNotBefore().toInstant()).isEqualTo(NOW);
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(days)));
    }

    @Test
    void createWhenNamesAreManyEncodesLongLengths() throws Exception {
        List<String> hosts = java.util.stream.IntStream.range(0, 100)
                .mapToObj(i -> "host-" + i + ".example")
                .toList();
        X509Certificate certificate =
                SelfSigned.create(hosts, NOW, Duration.ofDays(1)).chain().getFirst();
        assertThat(SubjectNames.of(certificate).dns()).isEqualTo(hosts);
    }
}
