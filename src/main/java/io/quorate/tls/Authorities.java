package io.quorate.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Judges of other people's certificates. */
public final class Authorities {

    private Authorities() {}

    /** Trusts the given CAs; if there are none, the platform's trust store, as etcd does. */
    public static X509ExtendedTrustManager of(List<X509Certificate> certificates) throws UnusableCredentialsException {
        try {
            return initialised(certificates.isEmpty() ? null : store(certificates));
        } catch (GeneralSecurityException | IOException e) {
            throw new UnusableCredentialsException("the authorities cannot be used: " + e.getMessage(), e);
        }
    }

    /** The judge among those that a factory, already initialised, made. */
    public static X509ExtendedTrustManager in(TrustManagerFactory factory) {
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no judge of X.509 certificates in " + factory));
    }

    private static KeyStore store(List<X509Certificate> certificates) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int index = 0; index < certificates.size(); index++) {
            store.setCertificateEntry("authority-" + index, certificates.get(index));
        }
        return store;
    }

    /** @param store null for what the platform trusts */
    private static X509ExtendedTrustManager initialised(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return in(factory);
    }
}
