package io.quorate.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Signs and verifies tokens of one method with the library; the only class that turns our keys into its objects. */
final class SignedTokens {

    private final JWSAlgorithm algorithm;
    private final @Nullable JWSSigner signer;
    private final JWSVerifier verifier;

    SignedTokens(TokenKeys keys) {
        SigningMethod method = keys.method();
        Key signing = keys.signing();
        this.algorithm = JWSAlgorithm.parse(method.algorithm());
        try {
            this.signer = signing == null ? null : signer(method, signing);
            this.verifier = verifier(method, keys.verifying());
        } catch (JOSEException e) {
            throw new IllegalStateException("checked keys are refused for " + method, e);
        }
    }

    private static JWSSigner signer(SigningMethod method, Key key) throws JOSEException {
        return switch (method.family()) {
            case RSA -> new RSASSASigner((PrivateKey) key, Set.of(AllowWeakRSAKey.getInstance()));
            case EC -> new ECDSASigner((ECPrivateKey) key);
            case ED25519 -> new EdwardsJws.Signer((PrivateKey) key);
            case SECRET -> new MACSigner(padded(method, key));
        };
    }

    /** A verifier of one method and one public key. */
    static JWSVerifier verifier(SigningMethod method, Key key) throws JOSEException {
        return switch (method.family()) {
            case RSA -> new RSASSAVerifier((RSAPublicKey) key);
            case EC -> new ECDSAVerifier((ECPublicKey) key);
            case ED25519 -> new EdwardsJws.Verifier((PublicKey) key);
            case SECRET -> new MACVerifier(padded(method, key));
        };
    }

    /** HMAC fills a short secret with zeros, so this one gives the same signatures; the library wants it as long as the hash. */
    private static byte[] padded(SigningMethod method, Key secret) {
        byte[] bytes = secret.getEncoded();
        return Arrays.copyOf(bytes, Math.max(bytes.length, method.secretBytes()));
    }

    /** Signs claims, with the header that etcd writes. */
    String sign(Map<String, Object> claims) {
        if (signer == null) {
            throw new IllegalStateException("there is no key to sign with");
        }
        JWSHeader header =
                new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT).build();
        JWSObject token = new JWSObject(header, new Payload(claims));
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("a token could not be signed by " + algorithm, e);
        }
        return token.serialize();
    }

    /** The claims of a token of the expected method with a right signature; null for anything else. */
    @Nullable
    JWTClaimsSet verify(String token) {
        try {
            JWSObject parsed = JWSObject.parse(token);
            boolean right = algorithm.equals(parsed.getHeader().getAlgorithm()) && parsed.verify(verifier);
            return right ? JWTClaimsSet.parse(parsed.getPayload().toString()) : null;
        } catch (ParseException | JOSEException | IllegalArgumentException wrong) {
            return null;
        }
    }
}
