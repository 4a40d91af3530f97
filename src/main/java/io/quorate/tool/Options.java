package io.quorate.tool;

import io.quorate.base.FileFailure;
import io.quorate.tool.Tool.ToolException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
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
 * The options of a command, written {@code --name=value} or {@code --name value}.
 *
 * @param values by name, without dashes
 * @param patience how long the command tries if the options do not say
 */
record Options(Map<String, String> values, Duration patience) {

    /** What Go's flags take for on and off. */
    private static final Set<String> ON = Set.of("true", "TRUE", "True", "t", "T", "1");

    private static final Set<String> OFF = Set.of("false", "FALSE", "False", "f", "F", "0");

    /** @throws ToolException if one does not belong to the command or has no value */
    static Options parse(List<String> arguments, Command command) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String argument = rest.next();
            String[] parts = argument.replaceFirst("^--", "").split("=", 2);
            if (!argument.startsWith("--") || command.option(parts[0]).isEmpty()) {
                throw new ToolException("There is no option '" + argument + "'; 'quorate " + command.name()
                        + " --help' lists those that there are."
                        + (isOnOffValue(argument) ? " " + Option.ON_OFF_RULE : ""));
            }
            boolean onOff = command.option(parts[0]).map(Option::isOnOff).orElse(false);
            if (parts.length < 2 && !onOff && !rest.hasNext()) {
                throw new ToolException("The option " + argument + " has no value.");
            }
            if (onOff) {
                values.put(parts[0], Boolean.toString(parts.length < 2 || isOn(parts[0], parts[1])));
            } else {
                values.put(parts[0], parts.length == 2 ? parts[1] : rest.next());
            }
        }
        return new Options(values, command.patience());
    }

    private static boolean isOn(String name, String value) {
        if (!isOnOffValue(value)) {
            throw new ToolException("--" + name + "=" + value + " is neither true nor false.");
        }
        return ON.contains(value);
    }

    /** Whether a word stands for on or off. */
    static boolean isOnOffValue(String word) {
        return ON.contains(word) || OFF.contains(word);
    }

    String required(String name) {
        return optional(name).orElseThrow(() -> new ToolException("The option --" + name + " is missing."));
    }

    /** @throws ToolException if the value is no number or negative */
    int number(String name) {
        String value = required(name);
        if (!value.matches("\\d{1,9}")) {
            throw new ToolException("--" + name + "=" + value + " is not a number.");
        }
        return Integer.parseInt(value);
    }

    /** @throws ToolException if the value is no number, negative, or larger than any revision */
    long revision(String name) {
        String value = required(name);
        if (!value.matches("\\d{1,18}")) {
            throw new ToolException("--" + name + "=" + value + " is not a number of at most 18 digits.");
        }
        return Long.parseLong(value);
    }

    Optional<String> optional(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    /** Client URLs, tried in this order. */
    List<URI> endpoints() {
        return urls("endpoints");
    }

    /** The URLs in an option. */
    List<URI> urls(String name) {
        return Arrays.stream(required(name).split(","))
                .map(String::strip)
                .map(Options::url)
                .toList();
    }

    /** Etcd's client takes a host and a port for an address of HTTP, too. */
    private static URI url(String text) {
        URI url = URI.create(text.contains("://") ? text : "http://" + text);
        if (url.getHost() == null || !List.of("http", "https").contains(url.getScheme())) {
            throw new ToolException("The endpoint '" + text + "' is not written like http://host:2379.");
        }
        return url;
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

    /** The user of a login; a password may stand behind it, as etcd's tools take it. */
    String user() {
        String given = optional("user").orElse("root");
        return isPasswordInUser() ? given.substring(0, given.indexOf(':')) : given;
    }

    private boolean isPasswordInUser() {
        return optional("password").isEmpty() && optional("user").orElse("").contains(":");
    }

    /** Whether there is a password to log in with. */
    boolean hasPassword() {
        return isPasswordInUser()
                || optional("password").isPresent()
                || optional("password-file").isPresent();
    }

    /**
     * The password of that user, without the end of a line behind it if it is in a file.
     *
     * @throws ToolException if there is none, or two, or the file cannot be read
     */
    String password() {
        boolean inFile = optional("password-file").isPresent();
        if (inFile && (isPasswordInUser() || optional("password").isPresent())) {
            throw new ToolException("There are two passwords: one in --password-file, one on the command line.");
        }
        if (isPasswordInUser()) {
            String given = required("user");
            return given.substring(given.indexOf(':') + 1);
        }
        return inFile || optional("password").isEmpty() ? passwordIn(required("password-file")) : required("password");
    }

    private static String passwordIn(String file) {
        String password;
        try {
            password = Files.readString(Path.of(file)).replaceFirst("\\R$", "");
        } catch (IOException e) {
            throw new ToolException("--password-file=" + file + " cannot be read: " + FileFailure.describe(e));
        }
        if (password.isEmpty()) {
            throw new ToolException("--password-file=" + file + " is empty.");
        }
        return password;
    }

    /** How long the command may try. */
    Duration timeout() {
        return time("timeout", patience);
    }

    /** The time in an option. */
    Duration time(String name, Duration otherwise) {
        return optional(name).map(text -> time(name, text)).orElse(otherwise);
    }

    private static Duration time(String name, String text) {
        try {
            return DurationStyle.detectAndParse(text);
        } catch (IllegalArgumentException unreadable) {
            throw new ToolException("--" + name + "=" + text + " is not a time like 500ms, 5s or 2m.");
        }
    }

    /** Whether a switch is there. */
    boolean isOn(String name) {
        return Boolean.parseBoolean(optional(name).orElse("false"));
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
