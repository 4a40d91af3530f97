package io.quorate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class AuthSettingsTests {

    private static <T> T bind(String prefix, Class<T> type, Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(prefix, type);
    }

    private static AuthProperties auth(Map<String, String> values) {
        return bind("quorate.auth", AuthProperties.class, values);
    }

    private static IssuerProperties issuer(Map<String, String> values) {
        return bind("quorate.auth.jwt", IssuerProperties.class, values);
    }

    @Test
    void parseWhenNothingIsSetGivesEtcdsDefaults() {
        AuthProperties auth = auth(Map.of());
        assertThat(auth.kind()).isEqualTo(new AuthToken.Simple());
        assertThat(auth.tokenTtl()).isEqualTo(Duration.ofMinutes(5));
        assertThat(auth.bcryptCost()).isEqualTo(10);
        assertThat(auth(Map.of("quorate.auth.token-ttl", "0")).tokenTtl()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void parseWhenOptionsAreCompleteReadsThem() {
        assertThat(AuthToken.parse("jwt,pub-key=/a.pub,sign-method=ES384,priv-key=/a.key,ttl=1h30m"))
                .isEqualTo(new AuthToken.Jwt("ES384", "/a.pub", "/a.key", Duration.ofMinutes(90)));
        assertThat(AuthToken.parse("jwt,sign-method=EdDSA,pub-key=/a.pub"))
                .isEqualTo(new AuthToken.Jwt("EdDSA", "/a.pub", "", Duration.ofMinutes(5)));
        assertThat(AuthToken.parse("jwt,sign-method=HS256,priv-key=/secret,ttl="))
                .isEqualTo(new AuthToken.Jwt("HS256", "", "/secret", Duration.ofMinutes(5)));
        assertThat(AuthToken.parse("")).isEqualTo(new AuthToken.None());
        assertThat(auth(Map.of("quorate.auth.token", "")).kind()).isEqualTo(new AuthToken.None());
    }

    /** Etcd 3.7.1 starts with each of these. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"simple,a=b | a", "jwt,sign-method=RS256,priv-key=k,a=b | a", ",a=b | a", "simple,ttl=5m | ttl"})
    void unknownOptionsWhenThereAreSomeNamesThem(String text, String unknown) {
        assertThat(AuthToken.parse(text)).isNotNull();
        assertThat(AuthToken.unknownOptions(text)).containsExactly(unknown);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    foo                                   | must be simple, jwt with its options, or empty
                    Simple                                | must be simple, jwt with its options, or empty
                    jwt                                   | needs the option sign-method, one of RS256, RS384
                    jwt,sign-method=none,priv-key=k       | needs the option sign-method, one of RS256, RS384
                    jwt,sign-method=rs256,priv-key=k      | needs the option sign-method, one of RS256, RS384
                    jwt,sign-method=RS256                 | needs the option priv-key, or pub-key to verify tokens only
                    jwt,sign-method=HS256,pub-key=k       | needs the option priv-key, a file with the secret of HS256
                    jwt,ttl                               | has the option 'ttl', which must look like name=value
                    simple,foo                            | has the option 'foo', which must look like name=value
                    simple,                               | has the option '', which must look like name=value
                    jwt,priv-key=a=b                      | has the option 'priv-key=a=b', which must look like name=value
                    jwt,ttl=1s,ttl=2s                     | has the option ttl twice
                    jwt,sign-method=RS256,priv-key=k,ttl=1x  | has the ttl '1x', which must be a duration such as
                    jwt,sign-method=RS256,priv-key=k,ttl=-1s | has the ttl '-1s', which must be at least 1s
                    jwt,sign-method=RS256,priv-key=k,ttl=0   | has the ttl '0', which must be at least 1s
                    """)
    void parseWhenOptionsAreWrongSaysWhatIsMissing(String text, String problem) {
        assertThatThrownBy(() -> auth(Map.of("quorate.auth.token", text)))
                .rootCause()
                .isInstanceOf(BadSettingException.class)
                .hasMessageContaining("quorate.auth.token = " + text + ": " + problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://id.example",
                "http://localhost.example",
                "https://",
                "ftp://id.example",
                "id.example",
                "http://[::2]/",
                "https://id example"
            })
    void issuerWhenItsKeysCouldBeExchangedOnTheWayIsRefused(String url) {
        assertThatThrownBy(() -> issuer(Map.of("quorate.auth.jwt.issuer", url, "quorate.auth.jwt.audience", "q")))
                .rootCause()
                .isInstanceOf(BadSettingException.class)
                .hasMessageContaining("must be an https URL");
        if (url.contains("://")) {
            assertThatThrownBy(() -> issuer(Map.of(
                            "quorate.auth.jwt.issuer", "any",
                            "quorate.auth.jwt.jwks", url,
                            "quorate.auth.jwt.audience", "q")))
                    .rootCause()
                    .hasMessageContaining("quorate.auth.jwt.jwks = " + url + ": must be an https URL");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://id.example/realms/a",
                "http://localhost:8080",
                "http://127.0.0.1:8080/x",
                "http://[::1]:1"
            })
    void issuerWhenNobodyIsOnTheWayIsTaken(String url) {
        IssuerProperties read = issuer(Map.of("quorate.auth.jwt.issuer", url, "quorate.auth.jwt.audience", "a,b"));
        assertThat(read.isOn()).isTrue();
        assertThat(read.isFile()).isFalse();
        assertThat(read.audience()).isEqualTo(List.of("a", "b"));
    }

    @Test
    void issuerWhenItsKeysAreInAFileMayHaveAnyName() {
        IssuerProperties read = issuer(Map.of(
                "quorate.auth.jwt.issuer", "kubernetes/serviceaccount",
                "quorate.auth.jwt.jwks", "/etc/keys.json",
                "quorate.auth.jwt.audience", "q"));
        assertThat(read.isFile()).isTrue();
        assertThat(issuer(Map.of()).isOn()).isFalse();
    }

    @Test
    void auditWhenCallsAreChosenReadsThem() {
        assertThat(bind("quorate.audit", AuditProperties.class, Map.of()).isOn())
                .isFalse();
        assertThat(bind("quorate.audit", AuditProperties.class, Map.of("quorate.audit.calls", "writes,refusals"))
                        .calls())
                .containsExactlyInAnyOrder(AuditProperties.Calls.WRITES, AuditProperties.Calls.REFUSALS);
    }
}
