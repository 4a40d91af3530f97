package io.quorate.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;

/**
 * A private key with its certificate and the intermediate CA certificates.
 *
 * @param key never logged, never sent
 * @param chain own certificate first
 */
public record Identity(PrivateKey key, List<X509Certificate> chain) {

    private static final byte[] SAMPLE = {1, 2, 3, 4};
    private static final List<String> KEY_TYPES = List.of("EC", "RSA", "EdDSA");
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
        check();
        try {
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

    /**
     * Checks what a factory that was made elsewhere would show.
     *
     * @throws UnusableCredentialsException if it has no key, or one that is not that of its certificate
     */
    public static void check(KeyManagerFactory keys) throws UnusableCredentialsException {
        List<Identity> identities = Arrays.stream(keys.getKeyManagers())
                .filter(X509KeyManager.class::isInstance)
                .map(X509KeyManager.class::cast)
                .flatMap(manager -> KEY_TYPES.stream().flatMap(type -> identities(manager, type)))
                .toList();
        if (identities.isEmpty()) {
            throw new UnusableCredentialsException("there is no key", null);
        }
        for (Identity identity : identities) {
            identity.check();
        }
    }

    private static Stream<Identity> identities(X509KeyManager manager, String type) {
        String[] aliases = manager.getServerAliases(type, null);
        return aliases == null
                ? Stream.empty()
                : Arrays.stream(aliases)
                        .map(alias -> new Identity(
                                manager.getPrivateKey(alias), List.of(manager.getCertificateChain(alias))));
    }

    private void check() throws UnusableCredentialsException {
        try {
            if (!isPair()) {
                throw new UnusableCredentialsException(
                        "the private key is not that of the certificate of "
                                + chain.getFirst().getSubjectX500Principal(),
                        null);
            }
        } catch (GeneralSecurityException e) {
            throw new UnusableCredentialsException("key and certificate cannot be compared: " + e.getMessage(), e);
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
