package io.quorate.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Judges a certificate: first the authorities, then revocations, then the rules of the port. */
final class CheckedTrust extends X509ExtendedTrustManager {

    private final Credentials credentials;
    private final TlsRules rules;
    private final AddressRule addresses;

    CheckedTrust(Credentials credentials, TlsRules rules, AddressRule addresses) {
        this.credentials = credentials;
        this.rules = rules;
        this.addresses = addresses;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            credentials.authorities().checkClientTrusted(chain, authType, engine);
            SubjectNames subject = check(chain);
            if (rules.checksAddress()) {
                addresses.check(subject, engine.getPeerHost());
            }
        } catch (CertificateException e) {
            throw Refusals.of(chain, e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (rules.trustsAnyServer()) {
            return;
        }
        try {
            credentials.authorities().checkServerTrusted(chain, authType, engine);
            check(chain);
        } catch (CertificateException e) {
            throw Refusals.of(chain, e);
        }
    }

    private SubjectNames check(X509Certificate[] chain) throws CertificateException {
        for (X509Certificate certificate : chain) {
            for (X509CRL list : credentials.revoked()) {
                if (list.isRevoked(certificate)) {
                    throw Refusals.revoked("certificate "
                            + certificate.getSerialNumber().toString(16) + " of "
                            + certificate.getSubjectX500Principal() + " is revoked");
                }
            }
        }
        SubjectNames subject = SubjectNames.of(chain[0]);
        if (!rules.allowedNames().isEmpty() && subject.common().stream().noneMatch(rules.allowedNames()::contains)) {
            throw new CertificateException("the common name " + subject.common() + " is not allowed");
        }
        if (!rules.allowedHostnames().isEmpty()
                && rules.allowedHostnames().stream().noneMatch(subject::covers)) {
            throw new CertificateException("the hostnames " + subject.dns() + " are not allowed");
        }
        return subject;
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return credentials.authorities().getAcceptedIssuers();
    }

    // ---- what has no engine has no address either, and is not used here

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("only engines are judged");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("only engines are judged");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("only engines are judged");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("only engines are judged");
    }
}
