package io.quorate.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import io.quorate.base.Bytes;
import io.quorate.base.RequestError;
import io.quorate.fixture.Expected;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtTokensTests {

    /** Shortly before the tokens that etcd made run out. */
    private static final Instant START = Instant.ofEpochSecond(1_796_003_000L);

    private static final Duration TTL = Duration.ofMinutes(10);

    private final WorkPool pool = new WorkPool("token", 1, 16);
    private Instant now = START;
    private final InstantSource time = () -> now;

    @AfterEach
    void close() {
        pool.close();
    }

    private JwtTokens tokens(TokenKeys keys) {
        return new JwtTokens(keys, TTL, pool, time);
    }

    private static @Nullable Identity find(Tokens tokens, String token) {
        return tokens.find(token).toCompletableFuture().join();
    }

    private static String issue(Tokens tokens, String user, long revision) {
        return tokens.issue(user, tokens.draw(), 1, revision)
                .toCompletableFuture()
                .join();
    }

    static Stream<String> tokensOfEtcd() throws IOException {
        return resource("tokens-of-etcd.txt").toUtf8().lines();
    }

    private static Bytes resource(String name) throws IOException {
        try (InputStream in = JwtTokensTests.class.getResourceAsStream(name)) {
            return Bytes.wrap(in.readAllBytes());
        }
    }

    /** Each line is a method, the name of a key, and what etcd 3.7.1 gave to root at auth revision 3. */
    @ParameterizedTest
    @MethodSource("tokensOfEtcd")
    void findWhenEtcdHasSignedATokenKnowsItUntilItsEnd(String line) throws Exception {
        String[] parts = line.split(" ");
        SigningMethod method = SigningMethod.named(parts[0]).orElseThrow();
        boolean secret = method.family() == SigningMethod.Family.SECRET;
        String file = parts[1] + (secret ? ".txt" : ".pub");
        TokenKeys.File key = new TokenKeys.File(file, resource(file));
        JwtTokens tokens = tokens(TokenKeys.of(method, secret ? null : key, secret ? key : null));
        assertThat(tokens.known(parts[2])).isNull();
        assertThat(find(tokens, parts[2])).isEqualTo(new Identity("root", 3, List.of(), Identity.Origin.TOKEN));
        assertThat(tokens.known(parts[2])).isNotNull();
        now = START.plusSeconds(600);
        assertThat(tokens.known(parts[2])).isNull();
        assertThat(find(tokens, parts[2])).isNull();
    }

    @ParameterizedTest
    @EnumSource(SigningMethod.class)
    void findWhenThisMemberHasSignedATokenKnowsItUntilItsEnd(SigningMethod method) throws Exception {
        JwtTokens tokens = tokens(PemFixture.keys(method));
        String token = issue(tokens, "alice", 7);
        assertThat(header(token)).contains("\"alg\":\"" + method.algorithm() + "\"", "\"typ\":\"JWT\"");
        assertThat(payload(token))
                .contains("\"username\":\"alice\"", "\"revision\":7", "\"exp\":" + (START.getEpochSecond() + 600));
        assertThat(find(tokens, token)).isEqualTo(new Identity("alice", 7, List.of(), Identity.Origin.TOKEN));
        now = START.plusSeconds(599);
        assertThat(tokens.known(token)).isNotNull();
        now = START.plusSeconds(600);
        assertThat(tokens.known(token)).isNull();
        assertThat(find(tokens, token)).isNull();
    }

    @ParameterizedTest
    @EnumSource(SigningMethod.class)
    void findWhenAnythingOfATokenIsChangedKnowsItNot(SigningMethod method) throws Exception {
        JwtTokens tokens = tokens(PemFixture.keys(method));
        String token = issue(tokens, "alice", 7);
        String[] parts = token.split("\\.");
        String claims = encode(payload(token).replace("alice", "root"));
        assertThat(find(tokens, parts[0] + "." + claims + "." + parts[2])).isNull();
        assertThat(find(tokens, parts[0] + "." + parts[1] + ".")).isNull();
        assertThat(find(tokens, parts[0] + "." + parts[1])).isNull();
        assertThat(find(tokens, parts[0] + "." + parts[1] + "." + encode("x".repeat(64))))
                .isNull();
        assertThat(find(tokens(PemFixture.keys(method)), token))
                .as("of another key")
                .isNull();
    }

    @Test
    void findWhenATokenIsNotSignedKnowsItNot() throws Exception {
        JwtTokens tokens = tokens(PemFixture.keys(SigningMethod.RS256));
        String claims = encode("{\"username\":\"root\",\"revision\":7,\"exp\":9999999999}");
        for (String algorithm : List.of("none", "None", "NONE", "nOnE", "")) {
            String header = encode("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}");
            assertThat(find(tokens, header + "." + claims + ".")).isNull();
            assertThat(find(tokens, header + "." + claims + ".AAAA")).isNull();
        }
        assertThat(find(tokens, encode("{}") + "." + claims + ".")).isNull();
    }

    /** The public key is no secret: whoever signs with its bytes must not pass for its owner. */
    @Test
    void findWhenThePublicKeyWasTakenForASecretKnowsTheTokenNot() throws Exception {
        KeyPair pair = PemFixture.pair(SigningMethod.RS256);
        String pem = PemFixture.pem("PUBLIC KEY", pair.getPublic().getEncoded());
        JwtTokens tokens = tokens(TokenKeys.of(SigningMethod.RS256, new TokenKeys.File("pub", Bytes.utf8(pem)), null));
        for (byte[] secret :
                List.of(pem.getBytes(StandardCharsets.UTF_8), pair.getPublic().getEncoded())) {
            for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.HS256, JWSAlgorithm.HS512)) {
                JWSObject forged = new JWSObject(
                        new JWSHeader.Builder(algorithm)
                                .type(JOSEObjectType.JWT)
                                .build(),
                        new Payload("{\"username\":\"root\",\"revision\":7,\"exp\":9999999999}"));
                forged.sign(new MACSigner(secret));
                assertThat(find(tokens, forged.serialize())).isNull();
            }
        }
    }

    /** Etcd takes the method that is configured and no other, though the key could verify it. */
    @Test
    void findWhenTheRightKeySignedByAnotherMethodKnowsTheTokenNot() throws Exception {
        KeyPair pair = PemFixture.pair(SigningMethod.RS256);
        TokenKeys.File file = PemFixture.privateFile(pair);
        JwtTokens one = tokens(TokenKeys.of(SigningMethod.RS256, null, file));
        JwtTokens other = tokens(TokenKeys.of(SigningMethod.PS256, null, file));
        assertThat(find(other, issue(one, "alice", 1))).isNull();
        assertThat(find(one, issue(other, "alice", 1))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"revision\":7,\"exp\":9999999999}",
                "{\"username\":7,\"revision\":7,\"exp\":9999999999}",
                "{\"username\":\"root\",\"exp\":9999999999}",
                "{\"username\":\"root\",\"revision\":\"7\",\"exp\":9999999999}",
                "{\"username\":\"root\",\"revision\":-1,\"exp\":9999999999}",
                "{\"username\":\"root\",\"revision\":7,\"exp\":\"9999999999\"}",
                "{\"username\":\"root\",\"revision\":7,\"exp\":1796003000}",
                "{\"username\":\"root\",\"revision\":7,\"exp\":9999999999,\"nbf\":1796003001}",
                "[]",
                "no JSON"
            })
    void findWhenClaimsAreWrongKnowsTheTokenNot(String claims) throws Exception {
        assertThat(find(tokens(PemFixture.secretKeys()), PemFixture.signedBySecret(claims)))
                .isNull();
    }

    @Test
    void findWhenATokenHasNoEndKnowsItAsEtcdDoes() throws Exception {
        String token = PemFixture.signedBySecret("{\"username\":\"alice\",\"revision\":7}");
        assertThat(find(tokens(PemFixture.secretKeys()), token)).isNotNull();
    }

    @Test
    void findWhenATokenIsHugeOrNoneIsTheSameAsUnknown() throws Exception {
        JwtTokens tokens = tokens(PemFixture.secretKeys());
        String huge = PemFixture.signedBySecret(
                "{\"username\":\"" + "a".repeat(100 << 10) + "\",\"revision\":7,\"exp\":9999999999}");
        assertThat(find(tokens, huge)).isNull();
        assertThat(find(tokens, "")).isNull();
        assertThat(find(tokens, "..")).isNull();
        assertThat(find(tokens, "a.b.c")).isNull();
        assertThat(find(tokens, "KrXmeetCqvVvTfnA.17")).isNull();
        assertThat(find(tokens, "[".repeat(30_000))).isNull();
        assertThat(find(tokens, encode("{\"a\":" + "[".repeat(15_000)) + ".e30.AAAA"))
                .isNull();
    }

    @Test
    void useWhenKeysHaveChangedForgetsWhatTheFormerOnesVerified() throws Exception {
        JwtTokens tokens = tokens(PemFixture.keys(SigningMethod.ES256));
        String before = issue(tokens, "alice", 7);
        assertThat(find(tokens, before)).isNotNull();
        tokens.use(PemFixture.keys(SigningMethod.ES256));
        assertThat(tokens.known(before)).isNull();
        assertThat(find(tokens, before)).isNull();
        assertThat(find(tokens, issue(tokens, "alice", 7))).isNotNull();
    }

    @Test
    void issueWhenThereIsOnlyAPublicKeySaysSo() throws Exception {
        KeyPair pair = PemFixture.pair(SigningMethod.EDDSA);
        JwtTokens tokens = tokens(TokenKeys.of(SigningMethod.EDDSA, PemFixture.publicFile(pair), null));
        assertThat(tokens.canIssue()).isFalse();
        assertThatThrownBy(() -> issue(tokens, "alice", 1))
                .extracting(Expected::refusal)
                .isEqualTo(RequestError.VERIFY_ONLY_KEY);
        JwtTokens signing =
                tokens(TokenKeys.of(SigningMethod.EDDSA, PemFixture.publicFile(pair), PemFixture.privateFile(pair)));
        assertThat(signing.canIssue()).isTrue();
        assertThat(find(tokens, issue(signing, "alice", 1))).isNotNull();
    }

    private static String header(String token) {
        return decode(token.split("\\.")[0]);
    }

    private static String payload(String token) {
        return decode(token.split("\\.")[1]);
    }

    private static String decode(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }

    private static String encode(String part) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(part.getBytes(StandardCharsets.UTF_8));
    }
}
