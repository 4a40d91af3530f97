package io.quorate.api.port;

import java.net.SocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The client at the other end of a connection.
 *
 * @param remote the client's address
 * @param tls its TLS session, absent on clear text
 */
public record RemoteClient(SocketAddress remote, @Nullable SSLSession tls) {

    /** The verified certificate chain of the client, its own certificate first; empty when it showed none. */
    public List<X509Certificate> certificates() {
        if (tls == null) {
            return List.of();
        }
        try {
            Certificate[] chain = tls.getPeerCertificates();
            return Arrays.stream(chain)
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of(); // the usual way of saying that no certificate was shown
        }
    }
}
