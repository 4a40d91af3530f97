package io.quorate.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import io.quorate.fixture.ManualClock;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An OpenID Connect provider that is not ours: its description, its keys, its tokens. */
class RealIssuerTests {

    private static final String REALM = "infra";

    private final MockOAuth2Server server = new MockOAuth2Server();
    private final WorkPool pool = new WorkPool("token", 1, 16);
    private final WorkPool fetching = new WorkPool("issuer-keys", 1, 1);
    private OutsideIssuer tokens;

    @BeforeEach
    void start() {
        server.start();
        String name = server.issuerUrl(REALM).toString();
        tokens = new OutsideIssuer(
                new IssuerRules(
                        name,
                        Set.of("quorate"),
                        "preferred_username",
                        "infra:",
                        "realm_access.roles",
                        false,
                        Duration.ofSeconds(30)),
                new HttpKeySource(new HttpKeySource.Place(name, "", null), RealIssuerTests::platform),
                Duration.ofMinutes(5),
                new OutsideIssuer.Means(pool, fetching, InstantSource.system(), new ManualClock()));
    }

    @AfterEach
    void close() {
        server.shutdown();
        pool.close();
        fetching.close();
    }

    private static SSLContext platform() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private @Nullable Identity find(SignedJWT token) {
        return tokens.find(token.serialize()).toCompletableFuture().join();
    }

    private SignedJWT token(String realm, String audience, long expirySeconds) {
        return server.issueToken(
                realm,
                "client",
                new DefaultOAuth2TokenCallback(
                        realm,
                        "7f3c",
                        "JWT",
                        List.of(audience),
                        Map.of("preferred_username", "alice", "realm_access", Map.of("roles", List.of("reader"))),
                        expirySeconds));
    }

    @Test
    void findWhenTheIssuerGaveATokenKnowsItsUserAndRoles() {
        assertThat(find(token(REALM, "quorate", 3600)))
                .isEqualTo(new Identity("infra:alice", 0, List.of("reader"), Identity.Origin.ISSUER));
    }

    @Test
    void findWhenATokenIsForOthersOrOfAnotherRealmOrTooOldKnowsItNot() {
        assertThat(find(token(REALM, "somebody", 3600))).isNull();
        assertThat(find(token("other", "quorate", 3600))).isNull();
        assertThat(find(token(REALM, "quorate", -3600))).isNull();
    }

    @Test
    void findWhenTheIssuerIsGoneStillKnowsItsTokens() {
        SignedJWT later = token(REALM, "quorate", 1800);
        assertThat(find(token(REALM, "quorate", 3600))).isNotNull();
        server.shutdown();
        assertThat(find(later)).isNotNull();
    }
}
