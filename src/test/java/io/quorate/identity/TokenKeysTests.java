package io.quorate.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Bytes;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TokenKeysTests {

    private static TokenKeys.File file(String name, String type, byte[] der) {
        return new TokenKeys.File(name, Bytes.utf8(PemFixture.pem(type, der)));
    }

    /** Both classic forms are what PKCS#8 wraps. */
    private static byte[] classic(KeyPair pair) {
        byte[] der = pair.getPrivate().getEncoded();
        int algorithm = contentAt(der, 0) + 3; // behind the version
        int octets = contentAt(der, algorithm) + der[algorithm + 1];
        return Arrays.copyOfRange(der, contentAt(der, octets), der.length);
    }

    private static int contentAt(byte[] der, int element) {
        int length = der[element + 1] & 0xff;
        return element + 2 + (length < 0x80 ? 0 : length - 0x80);
    }

    @ParameterizedTest
    @EnumSource(
            value = SigningMethod.class,
            names = {"RS256", "PS512", "ES256", "ES384", "ES512", "EDDSA"})
    void ofWhenOnlyThePrivateKeyIsGivenFindsThePublicOne(SigningMethod method) throws Exception {
        KeyPair pair = PemFixture.pair(method);
        TokenKeys keys = TokenKeys.of(method, null, PemFixture.privateFile(pair));
        if (pair.getPublic() instanceof ECPublicKey curved) {
            assertThat(((ECPublicKey) keys.verifying()).getW()).isEqualTo(curved.getW());
        } else {
            assertThat(keys.verifying()).isEqualTo(pair.getPublic());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SigningMethod.class,
            names = {"ES256", "ES384", "ES512"})
    void ofWhenAKeyIsInSec1ReadsIt(SigningMethod method) throws Exception {
        KeyPair pair = PemFixture.pair(method);
        TokenKeys.File key = file("some.key", "EC PRIVATE KEY", classic(pair));
        assertThat(TokenKeys.of(method, PemFixture.publicFile(pair), key).signing())
                .isNotNull();
    }

    @Test
    void ofWhenAKeyIsInPkcs1ReadsIt() throws Exception {
        KeyPair pair = PemFixture.pair(SigningMethod.RS256);
        TokenKeys.File key = file("some.key", "RSA PRIVATE KEY", classic(pair));
        TokenKeys keys = TokenKeys.of(SigningMethod.RS256, null, key);
        assertThat(keys.signing()).isEqualTo(pair.getPrivate());
        byte[] spki = pair.getPublic().getEncoded();
        TokenKeys.File half = file("some.pub", "RSA PUBLIC KEY", Arrays.copyOfRange(spki, 24, spki.length));
        assertThat(TokenKeys.of(SigningMethod.RS256, half, key).verifying()).isEqualTo(pair.getPublic());
    }

    @Test
    void ofWhenOtherBlocksStandBeforeTheKeyPassesOverThem() throws Exception {
        KeyPair pair = PemFixture.pair(SigningMethod.ES256);
        String text = PemFixture.pem("EC PARAMETERS", new byte[] {6, 1, 1})
                + PemFixture.privateFile(pair).content().toUtf8();
        assertThat(TokenKeys.of(SigningMethod.ES256, null, new TokenKeys.File("k", Bytes.utf8(text)))
                        .signing())
                .isEqualTo(pair.getPrivate());
    }

    @Test
    void ofWhenKeysDoNotBelongTogetherSaysSo() throws Exception {
        for (SigningMethod method :
                new SigningMethod[] {SigningMethod.RS256, SigningMethod.ES256, SigningMethod.EDDSA}) {
            KeyPair pair = PemFixture.pair(method);
            KeyPair other = PemFixture.pair(method);
            assertThatThrownBy(() -> TokenKeys.of(method, PemFixture.publicFile(other), PemFixture.privateFile(pair)))
                    .isInstanceOf(UnusableKeyException.class)
                    .hasMessageContaining("some.key holds a private key that does not belong to the public one");
        }
    }

    @Test
    void ofWhenAKeyIsOnAnotherCurveSaysSo() throws Exception {
        KeyPair pair = PemFixture.pair(SigningMethod.ES384);
        assertThatThrownBy(() -> TokenKeys.of(SigningMethod.ES256, null, PemFixture.privateFile(pair)))
                .hasMessage("some.key holds a key on another curve than secp256r1, which ES256 needs");
        assertThatThrownBy(() -> TokenKeys.of(SigningMethod.ES512, PemFixture.publicFile(pair), null))
                .hasMessage("some.pub holds a key on another curve than secp521r1, which ES512 needs");
        TokenKeys.File classic = file("some.key", "EC PRIVATE KEY", classic(pair));
        assertThatThrownBy(() -> TokenKeys.of(SigningMethod.ES256, null, classic))
                .hasMessage("some.key holds a key on another curve than secp256r1, which ES256 needs");
    }

    @Test
    void ofWhenAKeyIsOfAnotherKindSaysSoWithoutShowingIt() throws Exception {
        KeyPair pair = PemFixture.pair(SigningMethod.ES256);
        assertThatThrownBy(() -> TokenKeys.of(SigningMethod.RS256, null, PemFixture.privateFile(pair)))
                .hasMessage("some.key holds no usable private key for RSA")
                .hasNoCause();
        assertThatThrownBy(() -> TokenKeys.of(SigningMethod.EDDSA, PemFixture.publicFile(pair), null))
                .hasMessage("some.pub holds no usable public key for ED25519");
        assertThatThrownBy(() -> TokenKeys.of(SigningMethod.RS256, null, PemFixture.publicFile(pair)))
                .hasMessage("some.pub holds no private key in PEM");
        assertThatThrownBy(() -> TokenKeys.of(SigningMethod.RS256, PemFixture.privateFile(pair), null))
                .hasMessage("some.key holds no public key in PEM");
        assertThatThrownBy(() -> TokenKeys.of(
                        SigningMethod.RS256, null, file("some.key", "ENCRYPTED PRIVATE KEY", new byte[] {1})))
                .hasMessage("some.key holds an encrypted key; only plain ones can be read");
        assertThatThrownBy(() ->
                        TokenKeys.of(SigningMethod.RS256, null, new TokenKeys.File("some.key", Bytes.utf8("text"))))
                .hasMessage("some.key holds no private key in PEM");
        assertThatThrownBy(
                        () -> TokenKeys.of(SigningMethod.ES256, null, file("some.key", "EC PRIVATE KEY", new byte[9])))
                .hasMessage("some.key holds no usable private key for EC");
    }

    @Test
    void ofWhenThereIsNoKeySaysWhichIsNeeded() {
        assertThatThrownBy(() -> TokenKeys.of(SigningMethod.RS256, null, null))
                .hasMessage("RS256 needs a public or a private key, and none is given");
        assertThatThrownBy(() ->
                        TokenKeys.of(SigningMethod.HS256, new TokenKeys.File("some.pub", Bytes.utf8("secret")), null))
                .hasMessage("HS256 needs a secret in priv-key, and none is given");
        assertThatThrownBy(() -> TokenKeys.of(SigningMethod.HS256, null, new TokenKeys.File("some.key", Bytes.EMPTY)))
                .hasMessage("some.key is empty");
    }

    @Test
    void toStringWhenAskedShowsNoKey() throws Exception {
        TokenKeys keys = PemFixture.secretKeys();
        assertThat(keys.toString()).isEqualTo("HS256 to sign and verify");
        assertThat(keys.isWeak()).isFalse();
        assertThat(TokenKeys.of(SigningMethod.HS256, null, new TokenKeys.File("k", Bytes.utf8("short")))
                        .isWeak())
                .isTrue();
        assertThat(PemFixture.secretKeys().verifying().toString()).doesNotContain(PemFixture.SECRET);
    }
}
