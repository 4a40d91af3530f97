package io.quorate.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;

/**
 * A private key with the certificate of its public half and those that vouch for it.
 *
 * @param key never logged, never sent
 * @param chain own certificate first
 */
public record Identity(PrivateKey key, List<X509Certificate> chain) {

    private static final byte[] SAMPLE = {1, 2, 3, 4};
    private static final char[] NO_PASSWORD = new char[0];

    /** @throws IllegalArgumentException without any certificate */
    public Identity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("no certificate");
        }
    }

    /**
     * The key and its certificates for a TLS engine.
     *
     * @throws UnusableCredentialsException if the first certificate is not that of the key, as while both are exchanged
     */
    public KeyManagerFactory keyManagers() throws UnusableCredentialsException {
        try {
            if (!isPair()) {
                throw new UnusableCredentialsException(
                        "the private key is not that of the certificate of "
                                + chain.getFirst().getSubjectX500Principal(),
                        null);
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            return factory;
        } catch (GeneralSecurityException | IOException e) {
            throw new UnusableCredentialsException("key and certificate cannot be used: " + e.getMessage(), e);
        }
    }

    /** Tried out, which is the same for every kind of key. */
    private boolean isPair() throws GeneralSecurityException {
        PublicKey certified = chain.getFirst().getPublicKey();
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        Signature signature = Signature.getInstance(signatureAlgorithm());
        signature.initSign(key);
        signature.update(SAMPLE);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(SAMPLE);
        return signature.verify(signed);
    }

    private String signatureAlgorithm() {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm(); // Ed25519 and the like are named alike
        };
    }
}
