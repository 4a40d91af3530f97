package io.quorate.identity;

import static io.quorate.fixture.Expected.present;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.quorate.fixture.ManualClock;
import io.quorate.identity.IssuerFixture.Signing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class OutsideIssuerTests {

    private static final Duration REFRESH = Duration.ofMinutes(5);
    private static final IssuerRules RULES = new IssuerRules(
            IssuerFixture.NAME,
            Set.of("quorate", "other"),
            "sub",
            "",
            "realm_access.roles",
            false,
            Duration.ofSeconds(30));

    private final WorkPool pool = new WorkPool("token", 1, 16);
    private final WorkPool fetching = new WorkPool("issuer-keys", 1, 1);
    private final ManualClock clock = new ManualClock();
    private final IssuerFixture issuer = new IssuerFixture();
    private Instant now = IssuerFixture.NOW;
    private OutsideIssuer tokens = tokens(RULES);
    private Signing key;

    private OutsideIssuer tokens(IssuerRules rules) {
        return new OutsideIssuer(rules, issuer, REFRESH, new OutsideIssuer.Means(pool, fetching, () -> now, clock));
    }

    @BeforeEach
    void publish() throws Exception {
        key = issuer.create("one", SigningMethod.RS256);
        issuer.publish(key);
    }

    @AfterEach
    void close() {
        pool.close();
        fetching.close();
    }

    private @Nullable Identity find(String token) {
        return tokens.find(token).toCompletableFuture().join();
    }

    private @Nullable Identity find(UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
        return find(IssuerFixture.token(key, change));
    }

    @ParameterizedTest
    @EnumSource(
            value = SigningMethod.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"HS256", "HS384", "HS512"})
    void findWhenTheIssuerSignedATokenKnowsItsUserAndRoles(SigningMethod method) throws Exception {
        Signing other = issuer.create("two", method);
        issuer.publish(key, other);
        String token = IssuerFixture.token(other);
        assertThat(tokens.known(token)).isNull();
        Identity alice = new Identity("alice", 0, List.of("reader", "writer"), Identity.Origin.ISSUER);
        assertThat(find(token)).isEqualTo(alice);
        assertThat(tokens.known(token)).isEqualTo(alice);
        assertThat(issuer.fetches).isEqualTo(1);
    }

    @Test
    void findWhenATokenIsOfAnotherTimeKnowsItNot() throws Exception {
        Date past = Date.from(IssuerFixture.NOW.minusSeconds(30));
        Date future = Date.from(IssuerFixture.NOW.plusSeconds(31));
        assertThat(find(claims -> claims.expirationTime(past))).isNull();
        assertThat(find(claims -> claims.notBeforeTime(future))).isNull();
        assertThat(find(claims -> claims.expirationTime(null))).isNull();
        assertThat(find(claims -> claims.expirationTime(Date.from(IssuerFixture.NOW.minusSeconds(29)))))
                .isNotNull();
        assertThat(find(claims -> claims.notBeforeTime(Date.from(IssuerFixture.NOW.plusSeconds(30)))))
                .isNotNull();
    }

    @Test
    void knownWhenATokenHasRunOutKnowsItNoLonger() throws Exception {
        String token = IssuerFixture.token(key);
        assertThat(find(token)).isNotNull();
        now = now.plusSeconds(329);
        assertThat(tokens.known(token)).isNotNull();
        now = now.plusSeconds(1);
        assertThat(tokens.known(token)).isNull();
        assertThat(find(token)).isNull();
    }

    @Test
    void findWhenATokenIsForSomebodyElseKnowsItNot() throws Exception {
        assertThat(find(claims -> claims.audience("somebody"))).isNull();
        assertThat(find(claims -> claims.audience((String) null))).isNull();
        assertThat(find(claims -> claims.audience(List.of("somebody", "other"))))
                .isNotNull();
        assertThat(find(claims -> claims.issuer("https://issuer.example/"))).isNull();
        assertThat(find(claims -> claims.issuer(null))).isNull();
        assertThat(find(claims -> claims.subject(null))).isNull();
        assertThat(find(claims -> claims.subject(""))).isNull();
    }

    @Test
    void findWhenATokenIsNotSignedKnowsItNot() throws Exception {
        JWTClaimsSet claims = IssuerFixture.claims().build();
        assertThat(find(new PlainJWT(claims).serialize())).isNull();
        assertThat(find(new PlainJWT(claims).serialize() + "AAAA")).isNull();
        String signed = IssuerFixture.token(key);
        String header = encode("{\"alg\":\"none\",\"kid\":\"one\"}");
        assertThat(find(header + signed.substring(signed.indexOf('.')))).isNull();
    }

    /** What everybody can read is no secret, although a set of keys may say so. */
    @Test
    void findWhenAPublicKeyOrAPublishedSecretWasTakenToSignKnowsTheTokenNot() throws Exception {
        byte[] spki = key.pair().getPublic().getEncoded();
        byte[] pem = PemFixture.pem("PUBLIC KEY", spki).getBytes(StandardCharsets.UTF_8);
        for (byte[] secret : List.of(spki, pem, issuer.document().getBytes(StandardCharsets.UTF_8))) {
            assertThat(find(signedBy(secret, "one"))).isNull();
        }
        byte[] shared = PemFixture.SECRET.getBytes(StandardCharsets.UTF_8);
        String document = issuer.document()
                .replace(
                        "\"keys\":[",
                        "\"keys\":[{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\""
                                + Base64.getUrlEncoder().withoutPadding().encodeToString(shared) + "\"},");
        tokens = new OutsideIssuer(
                RULES, () -> document, REFRESH, new OutsideIssuer.Means(pool, fetching, () -> now, clock));
        assertThat(find(IssuerFixture.token(key))).isNotNull();
        assertThat(find(signedBy(shared, "s"))).isNull();
    }

    private static String signedBy(byte[] secret, String id) throws Exception {
        JWSObject forged = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(id).build(),
                new Payload(IssuerFixture.claims().build().toJSONObject()));
        forged.sign(new MACSigner(secret));
        return forged.serialize();
    }

    @Test
    void findWhenAKeyIsOfAnotherKindThanTheAlgorithmKnowsTheTokenNot() throws Exception {
        Signing curved = issuer.create("one", SigningMethod.ES256);
        assertThat(find(IssuerFixture.token(curved))).isNull();
        Signing stranger = issuer.create("one", SigningMethod.RS256);
        assertThat(find(IssuerFixture.token(stranger))).isNull();
        assertThat(issuer.fetches).isEqualTo(1);
    }

    @Test
    void findWhenTheKeyIsUnknownFetchesKeysButNotForEachToken() throws Exception {
        assertThat(find(IssuerFixture.token(key))).isNotNull();
        Signing next = issuer.create("two", SigningMethod.RS256);
        issuer.publish(key, next);
        String token = IssuerFixture.token(next);
        assertThat(find(token)).isNull();
        assertThat(issuer.fetches).isEqualTo(1);
        clock.advance(OutsideIssuer.FETCH_EVERY);
        assertThat(find(token)).isNotNull();
        for (int i = 0; i < 10; i++) {
            assertThat(find(IssuerFixture.token(issuer.create("nobody" + i, SigningMethod.EDDSA))))
                    .isNull();
        }
        assertThat(issuer.fetches).isEqualTo(2);
    }

    @Test
    void findWhenAKeyWasWithdrawnKnowsItsTokensNoLonger() throws Exception {
        String token = IssuerFixture.token(key);
        assertThat(find(token)).isNotNull();
        Signing next = issuer.create("two", SigningMethod.ES256);
        issuer.publish(next);
        clock.advance(REFRESH.plusSeconds(1));
        assertThat(find(IssuerFixture.token(next))).isNotNull();
        assertThat(tokens.known(token)).isNull();
        assertThat(find(token)).isNull();
    }

    @Test
    void findWhenTheIssuerIsOutStillKnowsTokensOfKnownKeys(CapturedOutput log) throws Exception {
        assertThat(find(IssuerFixture.token(key))).isNotNull();
        issuer.closed = true;
        clock.advance(Duration.ofDays(30));
        assertThat(find(claims -> claims.subject("bob"))).isNotNull();
        assertThat(find(IssuerFixture.token(issuer.create("two", SigningMethod.EDDSA))))
                .isNull();
        assertThat(find(claims -> claims.subject("carol"))).isNotNull();
        assertThat(log).containsOnlyOnce("those of before stay in use: https://issuer.example/keys cannot be reached");
        issuer.closed = false;
        Signing next = issuer.create("three", SigningMethod.ES256);
        issuer.publish(key, next);
        clock.advance(OutsideIssuer.FETCH_EVERY);
        assertThat(find(IssuerFixture.token(next))).isNotNull();
    }

    @Test
    void findWhenTheIssuerWasOutFromTheBeginningKnowsItsTokensOnceItIsBack(CapturedOutput log) throws Exception {
        issuer.closed = true;
        String token = IssuerFixture.token(key);
        assertThat(find(token)).isNull();
        assertThat(log).contains("so none of its tokens is known").doesNotContain(token);
        issuer.closed = false;
        clock.advance(OutsideIssuer.FETCH_EVERY);
        assertThat(find(token)).isNotNull();
    }

    @Test
    void findWhenTheIssuerMaySayWhoIsRootBelievesItOnlyIfConfigured() throws Exception {
        UnaryOperator<JWTClaimsSet.Builder> root = claims -> claims.subject("root");
        UnaryOperator<JWTClaimsSet.Builder> role =
                claims -> claims.claim("realm_access", Map.of("roles", List.of("root", "reader")));
        assertThat(find(root)).isNull();
        assertThat(present(find(role)).roles()).containsExactly("reader");
        tokens = tokens(new IssuerRules(
                IssuerFixture.NAME, Set.of("quorate"), "sub", "", "realm_access.roles", true, Duration.ZERO));
        assertThat(present(find(root)).user()).isEqualTo("root");
        assertThat(present(find(role)).roles()).containsExactly("root", "reader");
    }

    @Test
    void findWhenClaimsHaveOtherNamesFindsThem() throws Exception {
        tokens = tokens(new IssuerRules(
                IssuerFixture.NAME,
                Set.of("quorate"),
                "kubernetes.io.serviceaccount.name",
                "k8s:",
                "scope",
                false,
                Duration.ZERO));
        Identity found =
                find(claims -> claims.claim("kubernetes.io", Map.of("serviceaccount", Map.of("name", "patroni")))
                        .claim("scope", "reader  writer root"));
        assertThat(found)
                .isEqualTo(new Identity("k8s:patroni", 0, List.of("reader", "writer"), Identity.Origin.ISSUER));
        assertThat(find(claims -> claims)).isNull();
        assertThat(find(claims -> claims.claim("kubernetes.io", "text"))).isNull();
    }

    @Test
    void findWhenRolesAreOfAnotherFormGrantsNone() throws Exception {
        assertThat(present(find(claims -> claims.claim("realm_access", List.of("reader"))))
                        .roles())
                .isEmpty();
        assertThat(present(find(claims -> claims.claim("realm_access", Map.of("roles", 7))))
                        .roles())
                .isEmpty();
        assertThat(present(find(claims ->
                                claims.claim("realm_access", Map.of("roles", List.of(7, "", "reader", "reader")))))
                        .roles())
                .containsExactly("reader");
    }

    @Test
    void findWhenATokenIsHugeOrNoneAsksNobody() throws Exception {
        assertThat(find(claims -> claims.claim("x", "y".repeat(100 << 10)))).isNull();
        for (String token : List.of("", "a", "a.1", "..", "a..b", "a.b.", ".a.b", "a.b.c.d", "x".repeat(100 << 10))) {
            assertThat(find(token)).isNull();
        }
        assertThat(issuer.fetches).isZero();
        assertThat(find("a.b.c")).isNull();
        assertThat(find(encode("[".repeat(8000)) + ".e30.AAAA")).isNull();
    }

    @Test
    void findWhenTheDocumentHasNoKeysKeepsThoseOfBefore() throws Exception {
        assertThat(find(IssuerFixture.token(key))).isNotNull();
        issuer.publish();
        clock.advance(REFRESH.plusSeconds(1));
        assertThat(find(IssuerFixture.token(issuer.create("two", SigningMethod.EDDSA))))
                .isNull();
        assertThat(issuer.fetches).isEqualTo(2);
        assertThat(find(claims -> claims.subject("bob"))).isNotNull();
        assertThatThrownBy(() -> IssuerKeys.parse("<html>")).hasMessage("it is no set of keys in JSON");
    }

    private static String encode(String part) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(part.getBytes(StandardCharsets.UTF_8));
    }
}
