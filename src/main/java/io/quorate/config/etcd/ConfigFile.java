package io.quorate.config.etcd;

import io.quorate.config.etcd.CommandLine.BadFlagException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * A configuration file of etcd, YAML or JSON. Its keys are the names of the flags, except for TLS, which has two blocks;
 * its durations are whole numbers of nanoseconds.
 *
 * @param flags name of the flag, and value as on the command line
 * @param unknownKeys keys that mean nothing, which etcd skips without a word
 */
record ConfigFile(Map<String, String> flags, List<String> unknownKeys) {

    private static final Pattern TLS = Pattern.compile("(client|peer)-transport-security\\.(.+)");
    private static final String FEATURE_GATES = "feature-gates";

    /** @throws BadFlagException if there is no such file or it cannot be read */
    static ConfigFile read(Path path) {
        Map<String, String> flags = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        document(path).forEach((key, value) -> {
            String name = flag(key);
            if (EtcdFlags.exists(name)) {
                flags.merge(name, text(key, name, value), (one, more) -> one + "," + more);
            } else {
                unknown.add(key);
            }
        });
        return new ConfigFile(flags, unknown);
    }

    private static Map<String, Object> document(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new BadFlagException("open " + path + ": no such file");
        }
        Map<String, Object> values = new TreeMap<>();
        try {
            for (PropertySource<?> source :
                    new YamlPropertySourceLoader().load(path.toString(), new FileSystemResource(path))) {
                EnumerablePropertySource<?> document = (EnumerablePropertySource<?>) source;
                for (String key : document.getPropertyNames()) {
                    Object value = document.getProperty(key);
                    values.put(key, value == null ? "" : value);
                }
            }
        } catch (IOException | YAMLException unreadable) {
            throw new BadFlagException(path + " cannot be read: " + unreadable.getMessage());
        }
        return values;
    }

    /** The flag that a key means; entries of a list mean that of the list. */
    private static String flag(String key) {
        String name = key.replaceFirst("\\[\\d+]$", "");
        if (name.startsWith(FEATURE_GATES + ".")) {
            return FEATURE_GATES;
        }
        Matcher tls = TLS.matcher(name);
        if (!tls.matches()) {
            return name;
        }
        String inner = tls.group(2);
        if (inner.startsWith("allowed-")) {
            return tls.group(1) + "-cert-" + inner;
        }
        return tls.group(1).equals("client") ? inner : "peer-" + inner.replaceFirst("^client-crl", "crl");
    }

    private static String text(String key, String name, Object value) {
        if (key.startsWith(FEATURE_GATES + ".")) {
            return key.substring(FEATURE_GATES.length() + 1) + "=" + value;
        }
        boolean nanoseconds = value instanceof Number && EtcdFlags.named(name).kind() == ValueKind.DURATION;
        return nanoseconds ? value + "ns" : value.toString();
    }
}
