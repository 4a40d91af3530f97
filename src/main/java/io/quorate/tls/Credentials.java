package io.quorate.tls;

import java.security.cert.X509CRL;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Who this member says it is on one port, and whom it believes, read at one moment.
 *
 * @param accepting key and certificates shown to who connects
 * @param dialling those shown to who is dialled; mostly the same
 * @param authorities judges the certificates of others
 * @param revoked certificates refused although an authority vouches for them
 */
public record Credentials(
        KeyManagerFactory accepting,
        KeyManagerFactory dialling,
        X509ExtendedTrustManager authorities,
        List<X509CRL> revoked) {

    public Credentials {
        revoked = List.copyOf(revoked);
    }
}
