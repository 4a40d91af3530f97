package io.quorate.tool;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/**
 * The options of a command, written {@code --name=value}.
 *
 * @param values by name, without dashes
 */
record Options(Map<String, String> values) {

    /** Options that each command has. */
    private static final Set<String> COMMON = Set.of("endpoints", "timeout", "cacert", "cert", "key");

    private static final String TIMEOUT_DEFAULT = "5m";

    /** @throws ToolException if one is not among the allowed or is written otherwise */
    static Options parse(List<String> arguments, Set<String> allowed) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String argument : arguments) {
            String[] parts = argument.replaceFirst("^--", "").split("=", 2);
            boolean known = allowed.contains(parts[0]) || COMMON.contains(parts[0]);
            if (!argument.startsWith("--") || parts.length < 2 || !known) {
                throw new ToolException("There is no option '" + argument + "'; options are written --name=value.");
            }
            values.put(parts[0], parts[1]);
        }
        return new Options(values);
    }

    String required(String name) {
        return optional(name).orElseThrow(() -> new ToolException("The option --" + name + " is missing."));
    }

    Optional<String> optional(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    /** Client URLs, tried in this order. */
    List<URI> endpoints() {
        return Arrays.stream(required("endpoints").split(","))
                .map(String::strip)
                .map(URI::create)
                .toList();
    }

    /** The certificate to show and the authority to trust, of the options with a prefix: {@code cert}, {@code key}, {@code cacert}. */
    SslBundle certificates(String prefix) {
        @Nullable String certificate = file(prefix + "cert");
        @Nullable String authority = file(prefix + "cacert");
        return SslBundle.of(
                new PemSslStoreBundle(
                        certificate == null
                                ? null
                                : PemSslStoreDetails.forCertificate(certificate).withPrivateKey(file(prefix + "key")),
                        authority == null ? null : PemSslStoreDetails.forCertificate(authority)),
                SslBundleKey.NONE);
    }

    private @Nullable String file(String name) {
        return optional(name).map(path -> "file:" + path).orElse(null);
    }

    /** How long the command may try. */
    Duration timeout() {
        return DurationStyle.detectAndParse(values.getOrDefault("timeout", TIMEOUT_DEFAULT));
    }

    /** A list of members, written {@code name=url,name=url}. */
    static Map<String, String> members(String text) {
        Map<String, String> members = new LinkedHashMap<>();
        for (String member : text.split(",")) {
            String[] parts = member.strip().split("=", 2);
            if (parts.length < 2) {
                throw new ToolException("'" + member + "' is not written name=url.");
            }
            members.put(parts[0], parts[1]);
        }
        return members;
    }
}
