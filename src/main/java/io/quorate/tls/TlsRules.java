package io.quorate.tls;

import io.netty.handler.ssl.OpenSsl;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import lombok.Builder;
import lombok.With;

/**
 * What both sides of a connection of one port must obey.
 *
 * @param protocols versions of TLS, such as TLSv1.3; at least one
 * @param cipherSuites names as IANA registers them, for versions up to 1.2; empty leaves the choice to the library
 * @param applicationProtocols offered by ALPN in this order; empty offers none
 * @param demandsCertificate whether clients that connect must show a trusted certificate
 * @param allowedNames common names that a certificate may be for; empty allows all
 * @param allowedHostnames hostnames of which a certificate must have one; empty allows all
 * @param checksAddress whether clients must connect from an address that their certificate names, if it names any
 * @param handshakeTimeout after which an unfinished handshake fails
 * @param trustsAnyServer whether certificates of servers that are dialled are not verified: encrypted, but to an unknown server
 */
@Builder
@With
public record TlsRules(
        List<String> protocols,
        List<String> cipherSuites,
        List<String> applicationProtocols,
        boolean demandsCertificate,
        Set<String> allowedNames,
        Set<String> allowedHostnames,
        boolean checksAddress,
        Duration handshakeTimeout,
        boolean trustsAnyServer) {

    /** The suites of TLS 1.3, which etcd's setting cannot take away. */
    private static final List<String> ALWAYS =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    /** Long enough for a slow network, short enough that clients which never finish hold no connection. */
    public static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

    public TlsRules {
        protocols = List.copyOf(protocols);
        cipherSuites = List.copyOf(cipherSuites);
        applicationProtocols = List.copyOf(applicationProtocols);
        allowedNames = Set.copyOf(allowedNames);
        allowedHostnames = Set.copyOf(allowedHostnames);
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException("'protocols' must name at least one version of TLS");
        }
    }

    /** No restriction: TLS 1.2 and 1.3, no certificate of clients. */
    public static final TlsRules DEFAULT = new TlsRules(
            List.of("TLSv1.3", "TLSv1.2"),
            List.of(),
            List.of(),
            false,
            Set.of(),
            Set.of(),
            false,
            HANDSHAKE_TIMEOUT,
            false);

    /** The suites that this machine has, by the names IANA registered. */
    public static Set<String> knownCipherSuites() {
        if (OpenSsl.isAvailable()) {
            return OpenSsl.availableJavaCipherSuites();
        }
        try {
            return Set.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /** What is handed to the library; empty for its own choice. */
    List<String> enabledCipherSuites() {
        if (cipherSuites.isEmpty()) {
            return List.of();
        }
        List<String> all = new ArrayList<>(ALWAYS);
        all.addAll(cipherSuites);
        return all;
    }
}
