package io.quorate.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Bytes;
import io.quorate.config.CredentialOrigin.Files;
import io.quorate.fixture.TestAuthority;
import io.quorate.fixture.TestAuthority.Leaf;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.junit.jupiter.api.Test;

class PemCredentialsTests {

    private static final TestAuthority AUTHORITY = new TestAuthority("a");
    private static final Leaf LEAF = AUTHORITY.issue("m1", "127.0.0.1");
    private static final Files FILES = new Files("crt", "key", "", "", "ca", "");

    private final Map<Path, Bytes> contents = new HashMap<>(Map.of(
            Path.of("crt"), Bytes.utf8(LEAF.certificate()),
            Path.of("key"), Bytes.utf8(LEAF.key()),
            Path.of("ca"), Bytes.utf8(AUTHORITY.pem())));

    private Credentials read() throws UnusableCredentialsException {
        return PemCredentials.of(FILES, contents);
    }

    private void put(String file, String content) {
        contents.put(Path.of(file), Bytes.utf8(content));
    }

    private void assertRefused(String words) {
        assertThatThrownBy(this::read)
                .isInstanceOf(UnusableCredentialsException.class)
                .hasMessageContaining(words);
    }

    private static String block(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + type
                + "-----\n";
    }

    @Test
    void readWhenAllIsThereGivesKeysAndAuthorities() throws Exception {
        Credentials read = read();
        assertThat(read.authorities().getAcceptedIssuers()).containsExactly(AUTHORITY.certificate());
        assertThat(read.dialling()).isSameAs(read.accepting());
        assertThat(read.revoked()).isEmpty();
    }

    @Test
    void readWhenKeyIsInTheFormatOfItsAlgorithmAcceptsIt() throws Exception {
        BigInteger number = ((ECPrivateKey) LEAF.secret()).getS();
        var sec1 = new org.bouncycastle.asn1.sec.ECPrivateKey(256, number, SECObjectIdentifiers.secp256r1);
        put("key", block("EC PRIVATE KEY", sec1.getEncoded()));
        assertThat(read().accepting()).isNotNull();
    }

    @Test
    void readWhenAuthoritiesAreSeveralBelievesAll() throws Exception {
        TestAuthority other = new TestAuthority("b");
        put("ca", "a comment\n" + AUTHORITY.pem() + "\n" + other.pem());
        assertThat(read().authorities().getAcceptedIssuers())
                .containsExactlyInAnyOrder(AUTHORITY.certificate(), other.certificate());
    }

    @Test
    void readWhenAFileEndsInTheMiddleRefusesIt() {
        String both = AUTHORITY.pem() + "\n" + new TestAuthority("b").pem();
        put("ca", both.substring(0, both.length() - 60));
        assertRefused("ca ends in the middle of a block");
    }

    @Test
    void readWhenOnlyOneOfKeyAndCertificateIsNewRefusesThem() {
        put("key", AUTHORITY.issue("m1", "127.0.0.1").key());
        assertRefused("crt, key: the private key is not that of the certificate of CN=m1");
    }

    @Test
    void readWhenKeyIsOfAnotherKindRefusesIt() throws Exception {
        KeyPair rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        put("key", block("PRIVATE KEY", rsa.getPrivate().getEncoded()));
        assertRefused("not that of the certificate");
    }

    @Test
    void readWhenAFileHoldsSomethingElseNamesIt() {
        put("key", "nothing of use");
        assertRefused("key holds no usable private key");
        put("key", LEAF.key());
        put("crt", "");
        assertRefused("crt holds no certificate");
        put("crt", block("CERTIFICATE", new byte[] {1, 2, 3}));
        assertRefused("crt holds a broken certificate");
    }

    @Test
    void readWhenThereIsAListOfRevocationsReadsIt() throws Exception {
        put("crl", AUTHORITY.revoke(LEAF.x509()));
        Files files = new Files("crt", "key", "crt", "key", "", "crl");
        assertThat(PemCredentials.of(files, contents).revoked().getFirst().isRevoked(LEAF.x509()))
                .isTrue();
        put("crl", "nonsense");
        assertThatThrownBy(() -> PemCredentials.of(files, contents))
                .isInstanceOf(UnusableCredentialsException.class)
                .hasMessageContaining("crl is no list of revocations");
    }
}
