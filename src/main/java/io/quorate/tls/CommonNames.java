package io.quorate.tls;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** The common names of clients' certificates. Each is worked out once for a TLS session. */
public final class CommonNames {

    private static final String KEPT = "io.quorate.common-name";

    private CommonNames() {}

    /** That of the certificate which the client showed and this member verified; empty if it has none, null without a certificate. */
    public static @Nullable String of(SSLSession session) {
        Object kept = session.getValue(KEPT);
        if (kept instanceof String name) {
            return name;
        }
        String name = read(session);
        if (name != null) {
            session.putValue(KEPT, name);
        }
        return name;
    }

    private static @Nullable String read(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate own ? of(own) : null;
        } catch (SSLPeerUnverifiedException e) {
            return null; // the usual way of saying that no certificate was shown
        }
    }

    /** The last common name of the subject, as Go's library has it; empty if there is none. */
    static String of(X509Certificate certificate) {
        String found = "";
        try {
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String name) {
                    found = name;
                }
            }
        } catch (InvalidNameException e) {
            throw new IllegalStateException("the platform wrote a name that it cannot read", e);
        }
        return found;
    }
}
