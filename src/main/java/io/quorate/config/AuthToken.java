package io.quorate.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a login gives, in the notation of etcd's {@code --auth-token}: a kind, and options behind commas. */
public sealed interface AuthToken {

    /** Nobody can log in; clients are known by their certificates. */
    record None() implements AuthToken {}

    /** Random letters in the memory of all members. */
    record Simple() implements AuthToken {}

    /**
     * A signed text that nobody has to remember.
     *
     * @param method how it is signed, by the name in RFC 7518
     * @param publicKey file in PEM; empty if there is none
     * @param privateKey file in PEM, or with a secret for the methods that begin with HS; empty if tokens are only verified
     * @param ttl how long a token holds
     */
    record Jwt(String method, String publicKey, String privateKey, Duration ttl) implements AuthToken {}

    /** The methods that there are. */
    List<String> METHODS = List.of(
            "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "HS256", "HS384", "HS512",
            "EdDSA");

    /** What a token holds if no option says so. */
    Duration DEFAULT_TTL = Duration.ofMinutes(5);

    /**
     * Reads the notation. Options that do not exist are passed over, as etcd does; see {@link #unknownOptions}.
     *
     * @throws IllegalArgumentException saying what is wrong, as the rest of a sentence that starts with the setting
     */
    static AuthToken parse(String text) {
        Map<String, String> options = options(text);
        String kind = kind(text);
        return switch (kind) {
            case "" -> new None();
            case "simple" -> new Simple();
            case "jwt" -> jwt(options);
            default -> throw new IllegalArgumentException("must be simple, jwt with its options, or empty");
        };
    }

    /** Options that mean nothing. */
    static List<String> unknownOptions(String text) {
        List<String> unknown = new ArrayList<>(options(text).keySet());
        if (kind(text).equals("jwt")) {
            unknown.removeAll(Set.of("sign-method", "pub-key", "priv-key", "ttl"));
        }
        return unknown;
    }

    private static String kind(String text) {
        return text.split(",", 2)[0];
    }

    private static Map<String, String> options(String text) {
        String[] parts = text.split(",", -1);
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].split("=", -1);
            if (pair.length != 2) {
                throw new IllegalArgumentException(
                        "has the option '" + parts[i] + "', which must look like name=value");
            }
            if (options.put(pair[0], pair[1]) != null) {
                throw new IllegalArgumentException("has the option " + pair[0] + " twice");
            }
        }
        return options;
    }

    private static Jwt jwt(Map<String, String> options) {
        String method = options.getOrDefault("sign-method", "");
        if (!METHODS.contains(method)) {
            throw new IllegalArgumentException("needs the option sign-method, one of " + String.join(", ", METHODS));
        }
        String publicKey = options.getOrDefault("pub-key", "");
        String privateKey = options.getOrDefault("priv-key", "");
        boolean secret = method.startsWith("HS");
        if (secret && privateKey.isEmpty()) {
            throw new IllegalArgumentException("needs the option priv-key, a file with the secret of " + method);
        }
        if (publicKey.isEmpty() && privateKey.isEmpty()) {
            throw new IllegalArgumentException("needs the option priv-key, or pub-key to verify tokens only");
        }
        return new Jwt(method, publicKey, privateKey, ttl(options.getOrDefault("ttl", "")));
    }

    private static Duration ttl(String text) {
        if (text.isEmpty()) {
            return DEFAULT_TTL;
        }
        long nanoseconds;
        try {
            nanoseconds = GoDuration.parse(text).nanoseconds();
        } catch (IllegalArgumentException bad) {
            throw new IllegalArgumentException("has the ttl '" + text + "', which " + bad.getMessage(), bad);
        }
        if (nanoseconds < Duration.ofSeconds(1).toNanos()) {
            throw new IllegalArgumentException("has the ttl '" + text + "', which must be at least 1s");
        }
        return Duration.ofNanos(nanoseconds);
    }
}
