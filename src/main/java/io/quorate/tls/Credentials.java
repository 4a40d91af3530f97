package io.quorate.tls;

import java.security.cert.X509CRL;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The certificates of one port and the CAs that it trusts, read at one moment.
 *
 * @param accepting key and certificates shown to clients that connect
 * @param dialling those shown to servers that are dialled; mostly the same
 * @param authorities judges the certificates of others
 * @param revoked certificates refused although a trusted CA issued them
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
