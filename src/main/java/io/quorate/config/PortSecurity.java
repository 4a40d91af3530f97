package io.quorate.config;

import java.util.ArrayList;
import java.util.List;
import lombok.Builder;
import org.jspecify.annotations.Nullable;

/**
 * How the connections of one port are secured, as its settings say.
 *
 * @param names of the settings, for messages
 * @param origin where key, certificates and authorities come from
 * @param demandsCertificate whether clients that connect must show a certificate
 * @param allowedNames common names that others may have; empty allows all
 * @param allowedHostnames hostnames of which others must have one; empty allows all
 * @param checksAddress whether others must connect from an address that their certificate names
 */
@Builder
public record PortSecurity(
        CredentialOrigin.Names names,
        CredentialOrigin origin,
        boolean demandsCertificate,
        List<String> allowedNames,
        List<String> allowedHostnames,
        boolean checksAddress) {

    public PortSecurity {
        allowedNames = List.copyOf(allowedNames);
        allowedHostnames = List.copyOf(allowedHostnames);
    }

    /** Whether connections can be secured. */
    public boolean isConfigured() {
        return !(origin instanceof CredentialOrigin.None);
    }

    /**
     * What is configured cannot be used, for a reason found when trying.
     *
     * @param file the file at fault; null if it is none alone
     */
    public BadSettingException unusable(String problem, @Nullable String file) {
        return switch (origin) {
            case CredentialOrigin.None none -> new BadSettingException(names.certificate(), "''", problem);
            case CredentialOrigin.Files files ->
                new BadSettingException(names.ofFile(files, file), file == null ? files.certificate() : file, problem);
            case CredentialOrigin.Bundle bundle -> new BadSettingException(names.bundle(), bundle.name(), problem);
            case CredentialOrigin.Automatic automatic -> new BadSettingException(names.auto(), true, problem);
        };
    }

    /**
     * Compares with where the port listens, as etcd does.
     *
     * @param property the setting of the URLs
     * @return what is worth a warning
     * @throws BadSettingException if a URL needs a certificate and there is none
     */
    List<String> check(String property, List<MemberUrl> urls) {
        List<String> warnings = new ArrayList<>();
        for (MemberUrl url : urls) {
            boolean secure = url.scheme().isTls();
            BadSettingException.check(
                    isConfigured() || !secure, property, url, "needs a certificate: " + names.remedy());
            if (!secure && isConfigured()) {
                warnings.add(property + " = " + url + " is in clear text; the certificate is not used there");
            }
            if (!secure && demandsCertificate) {
                warnings.add(property + " = " + url + " is in clear text; certificates are not asked for there");
            }
        }
        return warnings;
    }
}
