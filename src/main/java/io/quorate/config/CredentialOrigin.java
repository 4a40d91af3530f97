package io.quorate.config;

import static io.quorate.config.BadSettingException.check;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a port has its key, its certificates and its trusted CAs from. */
public sealed interface CredentialOrigin {

    /** Nowhere: only clear text is possible. */
    record None() implements CredentialOrigin {}

    /** A bundle of Spring Boot, below {@code spring.ssl.bundle}. */
    record Bundle(String name) implements CredentialOrigin {}

    /** Made at start and self-signed. */
    record Automatic() implements CredentialOrigin {}

    /**
     * Files in PEM; an empty name means that there is none.
     *
     * @param certificate shown to clients that connect, with its intermediate certificates
     * @param key of that certificate
     * @param dialCertificate shown to servers that are dialled; empty for the same
     * @param dialKey of that certificate
     * @param authorities trusted CAs; empty for the platform's trust store
     * @param revocations list of revoked certificates, PEM or DER
     */
    record Files(
            String certificate,
            String key,
            String dialCertificate,
            String dialKey,
            String authorities,
            String revocations)
            implements CredentialOrigin {

        /** All that there are, each once. */
        public List<Path> paths() {
            return Stream.of(certificate, key, dialCertificate, dialKey, authorities, revocations)
                    .filter(name -> !name.isEmpty())
                    .distinct()
                    .map(Path::of)
                    .toList();
        }
    }

    /** The names of the settings that decide, which etcd gives each port its own of. */
    record Names(
            String certificate,
            String key,
            String dialCertificate,
            String dialKey,
            String authorities,
            String revocations,
            String bundle,
            String auto) {

        /** The setting that names a file; that of the certificate if none does. */
        String ofFile(Files files, @Nullable String file) {
            return Stream.of(
                            Map.entry(key, files.key()),
                            Map.entry(certificate, files.certificate()),
                            Map.entry(dialKey, files.dialKey()),
                            Map.entry(dialCertificate, files.dialCertificate()),
                            Map.entry(authorities, files.authorities()),
                            Map.entry(revocations, files.revocations()))
                    .filter(setting -> setting.getValue().equals(file))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(certificate);
        }

        /** What is missing, for a message. */
        String remedy() {
            return "set " + certificate + " and " + key + ", or " + bundle + ", or " + auto;
        }
    }

    /** The origin that the settings of a port give; a certificate that is configured wins over an automatic one. */
    static CredentialOrigin of(Names names, Files files, String bundle, boolean automatic) {
        boolean configured = !files.certificate().isEmpty() || !files.key().isEmpty();
        check(
                bundle.isEmpty() || files.paths().isEmpty(),
                names.bundle(),
                bundle,
                "cannot be combined with " + names.certificate() + " and other files");
        checkPair(names.certificate(), files.certificate(), names.key(), files.key());
        checkPair(names.dialCertificate(), files.dialCertificate(), names.dialKey(), files.dialKey());
        if (configured) {
            return files;
        }
        if (!bundle.isEmpty()) {
            return new Bundle(bundle);
        }
        return automatic ? new Automatic() : new None();
    }

    private static void checkPair(String certificateName, String certificate, String keyName, String key) {
        check(certificate.isEmpty() || !key.isEmpty(), certificateName, certificate, "needs " + keyName + " too");
        check(key.isEmpty() || !certificate.isEmpty(), keyName, key, "needs " + certificateName + " too");
    }
}
