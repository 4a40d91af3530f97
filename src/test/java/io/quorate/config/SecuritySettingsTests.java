package io.quorate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** How etcd's names for certificates become what each port does. */
@ExtendWith(OutputCaptureExtension.class)
class SecuritySettingsTests {

    private static final String[] SECURE_URLS = {
        "quorate.listen-client-urls=https://127.0.0.1:2379",
        "quorate.advertise-client-urls=https://127.0.0.1:2379",
        "quorate.listen-peer-urls=https://127.0.0.1:2380",
        "quorate.initial-advertise-peer-urls=https://127.0.0.1:2380"
    };

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withUserConfiguration(SettingsConfiguration.class);

    private interface Check {

        void of(SecuritySettings settings);
    }

    private void bound(Check check, String... properties) {
        runner.withPropertyValues(properties).run(context -> check.of(context.getBean(SecuritySettings.class)));
    }

    @Test
    void settingsWhenNothingIsSetAreClearText() {
        bound(settings -> {
            assertThat(settings.clients().isConfigured()).isFalse();
            assertThat(settings.peers().isConfigured()).isFalse();
            assertThat(settings.peers().checksAddress()).isTrue();
            assertThat(settings.tls().protocols()).containsExactly("TLSv1.3", "TLSv1.2");
            assertThat(settings.tls().selfSignedValidity()).isEqualTo(Duration.ofDays(365));
        });
    }

    @Test
    void settingsWhenFilesAreSetNameThemForEachPort() {
        runner.withPropertyValues(SECURE_URLS)
                .withPropertyValues(
                        "quorate.cert-file=c.crt",
                        "quorate.key-file=c.key",
                        "quorate.client-cert-allowed-hostname=a.example,b.example",
                        "quorate.peer-cert-file=p.crt",
                        "quorate.peer-key-file=p.key",
                        "quorate.peer-trusted-ca-file=ca.crt",
                        "quorate.peer-crl-file=revoked.crl",
                        "quorate.peer-cert-allowed-cn=m1,m2",
                        "quorate.peer-skip-client-san-verification=true")
                .run(context -> {
                    SecuritySettings settings = context.getBean(SecuritySettings.class);
                    assertThat(paths(settings.clients())).containsExactly(Path.of("c.crt"), Path.of("c.key"));
                    assertThat(settings.clients().demandsCertificate()).isFalse();
                    assertThat(settings.clients().allowedHostnames()).containsExactly("a.example", "b.example");
                    assertThat(paths(settings.peers()))
                            .containsExactly(
                                    Path.of("p.crt"), Path.of("p.key"), Path.of("ca.crt"), Path.of("revoked.crl"));
                    assertThat(settings.peers().demandsCertificate()).isTrue();
                    assertThat(settings.peers().allowedNames()).containsExactly("m1", "m2");
                    assertThat(settings.peers().checksAddress()).isFalse();
                });
    }

    private static List<Path> paths(PortSecurity security) {
        return ((CredentialOrigin.Files) security.origin()).paths();
    }

    @Test
    void settingsWhenAutomaticMakeACertificateUnlessOneIsConfigured() {
        bound(
                settings -> {
                    assertThat(settings.clients().origin()).isEqualTo(new CredentialOrigin.Automatic());
                    assertThat(settings.peers().origin()).isEqualTo(new CredentialOrigin.Bundle("members"));
                },
                "quorate.auto-tls=true",
                "quorate.peer-auto-tls=true",
                "quorate.peer-ssl-bundle=members");
    }

    @Test
    void settingsWhenListeningInClearTextWarnThatCertificatesAreNotUsed(CapturedOutput output) {
        bound(
                settings -> assertThat(settings.clients().isConfigured()).isTrue(),
                "quorate.cert-file=c.crt",
                "quorate.key-file=c.key",
                "quorate.client-cert-auth=true");
        assertThat(output.getAll())
                .contains("quorate.listen-client-urls = http://localhost:2379 is in clear text; the certificate")
                .contains("quorate.listen-client-urls = http://localhost:2379 is in clear text; certificates are not");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "quorate.listen-peer-urls=https://127.0.0.1:2380 | needs a certificate: set quorate.peer-cert-file and"
                        + " quorate.peer-key-file, or quorate.peer-ssl-bundle, or quorate.peer-auto-tls",
                "quorate.listen-peer-urls=unixs://socket | needs a certificate: set quorate.peer-cert-file",
                "quorate.cert-file=c | needs quorate.key-file too",
                "quorate.peer-client-key-file=c | needs quorate.peer-client-cert-file too",
                "quorate.ssl-bundle=b,quorate.trusted-ca-file=c | cannot be combined with quorate.cert-file",
                "quorate.peer-cert-allowed-cn=a,quorate.peer-cert-allowed-hostname=b | cannot be combined with",
                "quorate.tls-min-version=TLS1.1 | must be one of [TLS1.2, TLS1.3]",
                "quorate.tls-min-version=TLS1.3,quorate.tls-max-version=TLS1.2 | is below quorate.tls-min-version",
                "quorate.tls-min-version=TLS1.3,quorate.cipher-suites=A | cannot be chosen when only TLS1.3",
                "quorate.self-signed-cert-validity=0 | must be between 1 and 100 years"
            })
    void settingsWhenTheyContradictAreRefused(String properties, String words) {
        runner.withPropertyValues(properties.split(","))
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(BadSettingException.class)
                        .hasMessageContaining(words));
    }

    @Test
    void protocolsWhenBoundedAreThoseBetween() {
        bound(
                settings -> assertThat(settings.tls().protocols()).containsExactly("TLSv1.2"),
                "quorate.tls-max-version=TLS1.2");
        bound(
                settings -> assertThat(settings.tls().protocols()).containsExactly("TLSv1.3"),
                "quorate.tls-min-version=TLS1.3");
    }

    @Test
    void cipherSuitesWhenNamedAsInEtcdsDocumentsAreTheRegisteredOnes() {
        bound(
                settings -> assertThat(settings.tls().cipherSuites())
                        .containsExactly(
                                "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
                "quorate.cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305");
    }
}
