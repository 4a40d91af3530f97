package io.quorate.config;

import static io.quorate.config.BadSettingException.check;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What TLS is like on both ports.
 *
 * @param cipherSuites Suites for TLS 1.2, by the names IANA registered; empty leaves the choice to the library. Those of
 *     TLS 1.3 are always on.
 * @param tlsMinVersion Oldest version that is spoken, TLS1.2 or TLS1.3.
 * @param tlsMaxVersion Newest version that is spoken, TLS1.2 or TLS1.3; empty means the newest there is.
 * @param selfSignedCertValidity Years that a certificate made by auto-tls or peer-auto-tls holds.
 */
@ConfigurationProperties("quorate")
public record TlsSettings(
        @DefaultValue List<String> cipherSuites,
        @DefaultValue("TLS1.2") String tlsMinVersion,
        @DefaultValue("") String tlsMaxVersion,
        @DefaultValue("1") int selfSignedCertValidity) {

    private static final String PREFIX = "TLS";
    private static final List<String> VERSIONS = List.of("TLS1.2", "TLS1.3");
    private static final Duration YEAR = Duration.ofDays(365);
    private static final int YEARS_MAX = 100;
    /** An older name of the same suite, which etcd's documents use. */
    private static final String CHACHA = "_CHACHA20_POLY1305";

    public TlsSettings {
        tlsMinVersion = tlsMinVersion.isEmpty() ? VERSIONS.getFirst() : tlsMinVersion;
        checkVersion("quorate.tls-min-version", tlsMinVersion);
        if (!tlsMaxVersion.isEmpty()) {
            checkVersion("quorate.tls-max-version", tlsMaxVersion);
            check(
                    tlsMaxVersion.compareTo(tlsMinVersion) >= 0,
                    "quorate.tls-max-version",
                    tlsMaxVersion,
                    "is below quorate.tls-min-version (" + tlsMinVersion + ")");
        }
        check(
                cipherSuites.isEmpty() || !tlsMinVersion.equals(VERSIONS.getLast()),
                "quorate.cipher-suites",
                cipherSuites,
                "cannot be chosen when only TLS1.3 is spoken");
        check(
                selfSignedCertValidity > 0 && selfSignedCertValidity <= YEARS_MAX,
                "quorate.self-signed-cert-validity",
                selfSignedCertValidity,
                "must be between 1 and " + YEARS_MAX + " years");
        cipherSuites = cipherSuites.stream()
                .map(suite -> suite.endsWith(CHACHA) ? suite + "_SHA256" : suite)
                .toList();
    }

    private static void checkVersion(String property, String version) {
        check(VERSIONS.contains(version), property, version, "must be one of " + VERSIONS);
    }

    /** The versions that are spoken, newest first, as Java calls them. */
    public List<String> protocols() {
        return VERSIONS.reversed().stream()
                .filter(version -> version.compareTo(tlsMinVersion) >= 0)
                .filter(version -> tlsMaxVersion.isEmpty() || version.compareTo(tlsMaxVersion) <= 0)
                .map(version -> "TLSv" + version.substring(PREFIX.length()))
                .toList();
    }

    /** How long a certificate that this member makes for itself holds. */
    public Duration selfSignedValidity() {
        return YEAR.multipliedBy(selfSignedCertValidity);
    }
}
