package io.quorate.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** An issuer whose keys a test rotates, with a place where they are published that a test can close. */
final class IssuerFixture implements KeySource {

    static final String NAME = "https://issuer.example";
    static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    /** A pair and what it is called. */
    record Signing(String id, JWSAlgorithm algorithm, KeyPair pair) {}

    private final List<Signing> published = new ArrayList<>();
    int fetches;
    boolean closed;

    Signing create(String id, SigningMethod method) throws GeneralSecurityException {
        return new Signing(id, JWSAlgorithm.parse(method.algorithm()), PemFixture.pair(method));
    }

    /** Publishes these and no others. */
    void publish(Signing... keys) {
        published.clear();
        published.addAll(Arrays.asList(keys));
    }

    @Override
    public String fetch() throws IOException {
        fetches++;
        if (closed) {
            throw new IOException("https://issuer.example/keys cannot be reached");
        }
        return document();
    }

    String document() {
        return new JWKSet(published.stream().map(IssuerFixture::jwk).toList()).toString();
    }

    private static JWK jwk(Signing key) {
        return switch (key.pair().getPublic()) {
            case RSAPublicKey rsa -> new RSAKey.Builder(rsa).keyID(key.id()).build();
            case ECPublicKey curved ->
                new ECKey.Builder(Curve.forECParameterSpec(curved.getParams()), curved)
                        .keyID(key.id())
                        .build();
            default -> {
                byte[] der = key.pair().getPublic().getEncoded();
                byte[] point = Arrays.copyOfRange(der, der.length - 32, der.length);
                yield new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(point))
                        .keyID(key.id())
                        .build();
            }
        };
    }

    static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(NAME)
                .audience("quorate")
                .subject("alice")
                .expirationTime(Date.from(NOW.plusSeconds(300)))
                .claim("realm_access", Map.of("roles", List.of("reader", "writer")));
    }

    static String token(Signing key) throws JOSEException {
        return token(key, claims -> claims);
    }

    static String token(Signing key, UnaryOperator<JWTClaimsSet.Builder> change) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(key.algorithm()).keyID(key.id()).build(),
                change.apply(claims()).build());
        JWSSigner signer = switch (key.pair().getPrivate()) {
            case ECPrivateKey curved -> new ECDSASigner(curved);
            case java.security.interfaces.RSAPrivateKey rsa -> new RSASSASigner(rsa);
            default -> new EdwardsJws.Signer(key.pair().getPrivate());
        };
        token.sign(signer);
        return token.serialize();
    }
}
