package io.quorate.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an outside issuer as it publishes them (RFC 7517), read at one moment. Only public keys count: a secret in the
 * document is passed over, so that nobody can sign with what everybody may read.
 */
final class IssuerKeys {

    /** More keys than this are no rotation, but a mistake. */
    private static final int KEYS_MAX = 100;

    /** What stands before the bytes of a public key of Ed25519 in X.509. */
    private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

    private final JWKSet keys;

    private IssuerKeys(JWKSet keys) {
        this.keys = keys;
    }

    /** @throws UnusableKeyException if the document has no key that can be used */
    static IssuerKeys parse(String document) throws UnusableKeyException {
        try {
            List<JWK> usable = JWKSet.parse(document).getKeys().stream()
                    .filter(key -> key instanceof RSAKey || key instanceof ECKey || key instanceof OctetKeyPair)
                    .map(JWK::toPublicJWK)
                    .toList();
            if (usable.isEmpty() || usable.size() > KEYS_MAX) {
                throw new UnusableKeyException("it has " + usable.size() + " public keys, instead of 1 to " + KEYS_MAX);
            }
            return new IssuerKeys(new JWKSet(usable));
        } catch (ParseException | IllegalArgumentException e) {
            throw new UnusableKeyException("it is no set of keys in JSON", e);
        }
    }

    /** What may have signed a token with such a header; empty if the algorithm is none for public keys, or no key fits. */
    List<JWSVerifier> verifiers(JWSHeader header) {
        SigningMethod method = method(header);
        JWKMatcher matcher = method == null ? null : JWKMatcher.forJWSHeader(header);
        List<JWSVerifier> verifiers = new ArrayList<>();
        if (matcher == null || method == null) {
            return verifiers;
        }
        for (JWK key : new JWKSelector(matcher).select(keys)) {
            verifier(method, key).ifPresent(verifiers::add);
        }
        return verifiers;
    }

    /** Whether there is a key of the name that a token gives; true if it gives none. */
    boolean hasKeyOf(JWSHeader header) {
        String id = header.getKeyID();
        return id == null || keys.getKeyByKeyId(id) != null;
    }

    private static @Nullable SigningMethod method(JWSHeader header) {
        String name = header.getAlgorithm().getName();
        return SigningMethod.named(name.equals("Ed25519") ? "EdDSA" : name)
                .filter(method -> method.family() != SigningMethod.Family.SECRET)
                .orElse(null);
    }

    private static Optional<JWSVerifier> verifier(SigningMethod method, JWK key) {
        try {
            Key converted = switch (key) {
                case RSAKey rsa -> rsa.toRSAPublicKey();
                case ECKey curved -> curved.toECPublicKey();
                case OctetKeyPair pair -> edwards(pair);
                default -> throw new JOSEException("no public key");
            };
            return Optional.of(SignedTokens.verifier(method, converted));
        } catch (JOSEException | GeneralSecurityException | ClassCastException | IllegalArgumentException unusable) {
            return Optional.empty(); // of another kind or curve than the algorithm wants
        }
    }

    private static PublicKey edwards(OctetKeyPair pair) throws GeneralSecurityException {
        byte[] point = pair.getX().decode();
        byte[] encoded = new byte[ED25519.length + point.length];
        System.arraycopy(ED25519, 0, encoded, 0, ED25519.length);
        System.arraycopy(point, 0, encoded, ED25519.length, point.length);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }
}
