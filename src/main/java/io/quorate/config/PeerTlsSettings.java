package io.quorate.config;

import static io.quorate.config.BadSettingException.check;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How connections between members by https URLs are secured. Files are in PEM and followed when they change.
 *
 * @param peerCertFile Certificate of this member, followed by the intermediate CA certificates.
 * @param peerKeyFile Private key of that certificate, not encrypted.
 * @param peerClientCertFile Certificate shown to members that are dialled; empty means peer-cert-file.
 * @param peerClientKeyFile Private key of that certificate.
 * @param peerTrustedCaFile CAs trusted for members' certificates; if set, members that connect must show a certificate issued by one of them.
 * @param peerClientCertAuth Whether members that connect must show a certificate; without peer-trusted-ca-file one that the
 *     platform trusts.
 * @param peerCrlFile List of revoked certificates, PEM or DER.
 * @param peerCertAllowedCn Common names that certificates of members may have; empty allows all.
 * @param peerCertAllowedHostname Hostnames of which a member's certificate must have one; empty allows all.
 * @param peerSkipClientSanVerification Whether a certificate may be used from other addresses than those it names.
 * @param peerAutoTls Makes a self-signed certificate at start if none is configured; members do not verify each other's identity then.
 * @param peerSslBundle Name of a bundle below spring.ssl.bundle, instead of the files.
 */
@ConfigurationProperties("quorate")
public record PeerTlsSettings(
        @DefaultValue("") String peerCertFile,
        @DefaultValue("") String peerKeyFile,
        @DefaultValue("") String peerClientCertFile,
        @DefaultValue("") String peerClientKeyFile,
        @DefaultValue("") String peerTrustedCaFile,
        @DefaultValue("false") boolean peerClientCertAuth,
        @DefaultValue("") String peerCrlFile,
        @DefaultValue List<String> peerCertAllowedCn,
        @DefaultValue List<String> peerCertAllowedHostname,
        @DefaultValue("false") boolean peerSkipClientSanVerification,
        @DefaultValue("false") boolean peerAutoTls,
        @DefaultValue("") String peerSslBundle) {

    private static final CredentialOrigin.Names NAMES = new CredentialOrigin.Names(
            "quorate.peer-cert-file",
            "quorate.peer-key-file",
            "quorate.peer-client-cert-file",
            "quorate.peer-client-key-file",
            "quorate.peer-trusted-ca-file",
            "quorate.peer-crl-file",
            "quorate.peer-ssl-bundle",
            "quorate.peer-auto-tls");

    public PeerTlsSettings {
        peerCertAllowedCn = List.copyOf(peerCertAllowedCn);
        peerCertAllowedHostname = List.copyOf(peerCertAllowedHostname);
        check(
                peerCertAllowedCn.isEmpty() || peerCertAllowedHostname.isEmpty(),
                "quorate.peer-cert-allowed-cn",
                peerCertAllowedCn,
                "cannot be combined with quorate.peer-cert-allowed-hostname");
    }

    /** The same without regard to how it is configured. */
    PortSecurity security() {
        CredentialOrigin.Files files = new CredentialOrigin.Files(
                peerCertFile, peerKeyFile, peerClientCertFile, peerClientKeyFile, peerTrustedCaFile, peerCrlFile);
        return PortSecurity.builder()
                .names(NAMES)
                .origin(CredentialOrigin.of(NAMES, files, peerSslBundle, peerAutoTls))
                .demandsCertificate(peerClientCertAuth || !peerTrustedCaFile.isEmpty())
                .allowedNames(peerCertAllowedCn)
                .allowedHostnames(peerCertAllowedHostname)
                .checksAddress(!peerSkipClientSanVerification)
                .build();
    }
}
