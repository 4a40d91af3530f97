package io.quorate.config;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How connections of clients to https URLs are secured. Files are in PEM and followed when they change.
 *
 * @param certFile Certificate of this member, followed by the intermediate CA certificates.
 * @param keyFile Private key of that certificate, not encrypted.
 * @param trustedCaFile CAs trusted for client certificates; if set, clients must show a certificate issued by one of them.
 * @param clientCertAuth Whether clients must show a certificate; without trusted-ca-file one that the platform trusts.
 * @param clientCrlFile List of revoked certificates, PEM or DER.
 * @param clientCertAllowedHostname Hostnames of which a client's certificate must have one; empty allows all.
 * @param autoTls Makes a self-signed certificate at start if none is configured; clients cannot verify the member's identity then.
 * @param sslBundle Name of a bundle below spring.ssl.bundle, instead of the files.
 */
@ConfigurationProperties("quorate")
public record ClientTlsSettings(
        @DefaultValue("") String certFile,
        @DefaultValue("") String keyFile,
        @DefaultValue("") String trustedCaFile,
        @DefaultValue("false") boolean clientCertAuth,
        @DefaultValue("") String clientCrlFile,
        @DefaultValue List<String> clientCertAllowedHostname,
        @DefaultValue("false") boolean autoTls,
        @DefaultValue("") String sslBundle) {

    private static final CredentialOrigin.Names NAMES = new CredentialOrigin.Names(
            "quorate.cert-file",
            "quorate.key-file",
            "quorate.cert-file",
            "quorate.key-file",
            "quorate.trusted-ca-file",
            "quorate.client-crl-file",
            "quorate.ssl-bundle",
            "quorate.auto-tls");

    public ClientTlsSettings {
        clientCertAllowedHostname = List.copyOf(clientCertAllowedHostname);
    }

    /** The same without regard to how it is configured. */
    PortSecurity security() {
        CredentialOrigin.Files files =
                new CredentialOrigin.Files(certFile, keyFile, "", "", trustedCaFile, clientCrlFile);
        return PortSecurity.builder()
                .names(NAMES)
                .origin(CredentialOrigin.of(NAMES, files, sslBundle, autoTls))
                .demandsCertificate(clientCertAuth || !trustedCaFile.isEmpty())
                .allowedNames(List.of())
                .allowedHostnames(clientCertAllowedHostname)
                .build();
    }
}
