package io.quorate.identity;

import io.quorate.base.Bytes;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys of etcd's own tokens, read at one moment.
 *
 * @param method how tokens are signed
 * @param signing null if this member only verifies
 * @param verifying the other half of it, or the same secret
 */
public record TokenKeys(SigningMethod method, @Nullable Key signing, Key verifying) {

    /** What is signed to find out whether two keys belong together. */
    private static final byte[] PROBE = {1, 2, 3};

    /** A file and what is in it. */
    public record File(String name, Bytes content) {}

    /**
     * Makes keys of files.
     *
     * @param publicKey null if there is none; a secret has none
     * @param privateKey null if this member shall only verify
     * @throws UnusableKeyException naming the file that is at fault
     */
    public static TokenKeys of(SigningMethod method, @Nullable File publicKey, @Nullable File privateKey)
            throws UnusableKeyException {
        if (method.family() == SigningMethod.Family.SECRET) {
            return secret(method, privateKey);
        }
        PrivateKey signing = privateKey == null
                ? null
                : PemKeys.privateKey(privateKey.name(), privateKey.content(), method.family());
        PublicKey verifying =
                publicKey == null ? null : PemKeys.publicKey(publicKey.name(), publicKey.content(), method.family());
        if (signing != null && privateKey != null) {
            checkCurve(method, privateKey.name(), signing);
            return new TokenKeys(method, signing, other(method, privateKey.name(), signing, publicKey, verifying));
        }
        if (verifying == null || publicKey == null) {
            throw new UnusableKeyException(method.algorithm() + " needs a public or a private key, and none is given");
        }
        checkCurve(method, publicKey.name(), verifying);
        return new TokenKeys(method, null, verifying);
    }

    private static PublicKey other(
            SigningMethod method, String file, PrivateKey signing, @Nullable File publicKey, @Nullable PublicKey given)
            throws UnusableKeyException {
        if (publicKey != null) {
            checkCurve(method, publicKey.name(), given);
        }
        PublicKey verifying = given == null ? half(file, signing) : given;
        checkPair(file, signing, verifying);
        return verifying;
    }

    private static TokenKeys secret(SigningMethod method, @Nullable File file) throws UnusableKeyException {
        if (file == null) {
            throw new UnusableKeyException(method.algorithm() + " needs a secret in priv-key, and none is given");
        }
        byte[] secret = file.content().unwrap().clone();
        if (secret.length == 0) {
            throw new UnusableKeyException(file.name() + " is empty");
        }
        Key key = new SecretKeySpec(secret, method.algorithm());
        return new TokenKeys(method, key, key);
    }

    /** Whether a secret is shorter than its method deserves, so that it may be guessed. */
    public boolean isWeak() {
        return method.secretBytes() > verifying.getEncoded().length;
    }

    private static void checkCurve(SigningMethod method, String file, @Nullable Key key) throws UnusableKeyException {
        if (!(key instanceof ECKey curved)) {
            return;
        }
        try {
            AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
            named.init(new ECGenParameterSpec(method.curve()));
            ECParameterSpec wanted = named.getParameterSpec(ECParameterSpec.class);
            ECParameterSpec found = curved.getParams();
            if (!found.getCurve().equals(wanted.getCurve()) || !found.getOrder().equals(wanted.getOrder())) {
                throw new UnusableKeyException(
                        file + " holds a key on another curve than " + method.curve() + ", which " + method + " needs");
            }
        } catch (GeneralSecurityException e) {
            throw new UnusableKeyException("this Java does not know " + method.curve(), e);
        }
    }

    private static PublicKey half(String file, PrivateKey key) throws UnusableKeyException {
        try {
            return switch (key) {
                case RSAPrivateCrtKey rsa ->
                    KeyFactory.getInstance("RSA")
                            .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
                case ECPrivateKey curved -> EcPoints.publicKey(curved);
                case EdECPrivateKey edwards -> half(edwards.getBytes().orElseThrow());
                default -> throw new UnusableKeyException(file + " does not tell its public key; give pub-key too");
            };
        } catch (GeneralSecurityException | ArithmeticException e) { // no cause: it may quote the key
            throw new UnusableKeyException(file + " holds a private key that cannot be used");
        }
    }

    /** A key pair of Ed25519 begins with 32 random bytes, which are the private key; given those, Java makes the same pair. */
    private static PublicKey half(byte[] seed) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(NamedParameterSpec.ED25519, new SecureRandom() {

            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] bytes) {
                System.arraycopy(seed, 0, bytes, 0, bytes.length);
            }
        });
        return generator.generateKeyPair().getPublic();
    }

    private static void checkPair(String file, PrivateKey signing, PublicKey verifying) throws UnusableKeyException {
        try {
            Signature signature = Signature.getInstance(
                    switch (signing) {
                        case ECPrivateKey _ -> "SHA256withECDSA";
                        case EdECPrivateKey _ -> "Ed25519";
                        default -> "SHA256withRSA";
                    });
            signature.initSign(signing);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(verifying);
            signature.update(PROBE);
            if (signature.verify(signed)) {
                return;
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new UnusableKeyException(file + " holds a private key that cannot be used with the public one", e);
        }
        throw new UnusableKeyException(file + " holds a private key that does not belong to the public one");
    }

    /** Nothing of a key is in a log. */
    @Override
    public String toString() {
        return method + (signing == null ? " to verify" : " to sign and verify");
    }
}
