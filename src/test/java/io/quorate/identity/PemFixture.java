package io.quorate.identity;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import io.quorate.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.UUID;

/** Keys of all kinds, made for a test. */
final class PemFixture {

    static final String SECRET = "a secret of the length that the method deserves, and that is much";

    private PemFixture() {}

    static KeyPair pair(SigningMethod method) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(
                switch (method.family()) {
                    case RSA -> "RSA";
                    case EC -> "EC";
                    case ED25519 -> "Ed25519";
                    case SECRET -> throw new IllegalArgumentException("a secret is no pair");
                });
        switch (method.family()) {
            case RSA -> generator.initialize(2048);
            case EC -> generator.initialize(new ECGenParameterSpec(method.curve()));
            default -> {}
        }
        return generator.generateKeyPair();
    }

    /** Keys that nobody else has. */
    static TokenKeys keys(SigningMethod method) throws GeneralSecurityException, UnusableKeyException {
        if (method.family() == SigningMethod.Family.SECRET) {
            String secret = UUID.randomUUID() + SECRET;
            return TokenKeys.of(method, null, new TokenKeys.File("secret", Bytes.utf8(secret)));
        }
        return TokenKeys.of(method, null, privateFile(pair(method)));
    }

    static TokenKeys.File privateFile(KeyPair pair) {
        return new TokenKeys.File(
                "some.key", Bytes.utf8(pem("PRIVATE KEY", pair.getPrivate().getEncoded())));
    }

    static TokenKeys.File publicFile(KeyPair pair) {
        return new TokenKeys.File(
                "some.pub", Bytes.utf8(pem("PUBLIC KEY", pair.getPublic().getEncoded())));
    }

    static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + type + "-----\n";
    }

    /** The keys that know {@link #signedBySecret}. */
    static TokenKeys secretKeys() throws UnusableKeyException {
        return TokenKeys.of(SigningMethod.HS256, null, new TokenKeys.File("secret", Bytes.utf8(SECRET)));
    }

    static String signedBySecret(String claims) throws Exception {
        JWSObject token = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(claims));
        token.sign(new MACSigner(SECRET.getBytes(StandardCharsets.UTF_8)));
        return token.serialize();
    }
}
