package io.quorate.tool;

import io.quorate.tool.Tool.ToolException;
import java.util.Map;
import java.util.Optional;

/**
 * Turns authentication on: a user with the role root, and the switch. Done again it changes nothing, and one that was broken off goes
 * on.
 */
final class AuthSetup {

    private static final String ROLE = "root";

    private final Options options;
    private final ClusterClient cluster;

    AuthSetup(Options options, ClusterClient cluster) {
        this.options = options;
        this.cluster = cluster;
    }

    String enable() {
        return new RetryLoop(options.timeout(), cluster::lastFailure).until("an answer", this::attempt);
    }

    private Optional<String> attempt() {
        Optional<Map<String, Object>> status = cluster.call("/v3/auth/status", "{}");
        if (status.isEmpty()) {
            return Optional.empty();
        }
        boolean wasOn = Boolean.TRUE.equals(status.get().get("enabled"));
        if (!wasOn) {
            addUser();
            unless("role name already exists", "/v3/auth/role/add", Map.of("name", ROLE));
            require("/v3/auth/user/grant", Map.of("user", options.user(), "role", ROLE));
            require("/v3/auth/enable", Map.of());
        }
        require("/v3/auth/authenticate", Map.of("name", options.user(), "password", options.password()));
        return Optional.of(
                "authentication is on" + (wasOn ? " already" : "") + ", and " + options.user() + " can log in");
    }

    /** A user that exists gets the password of the file: no client could log in before. */
    private void addUser() {
        Map<String, String> user = Map.of("name", options.user(), "password", options.password());
        if (!unless("user name already exists", "/v3/auth/user/add", user)) {
            require("/v3/auth/user/changepw", user);
        }
    }

    /** Calls a method; says no if it was refused because what it makes is there. */
    private boolean unless(String there, String path, Map<String, String> fields) {
        try {
            require(path, fields);
            return true;
        } catch (ToolException refused) {
            if (String.valueOf(refused.getMessage()).contains(there)) {
                return false;
            }
            throw refused;
        }
    }

    private void require(String path, Map<String, String> fields) {
        Map<String, Object> unused = cluster.require(path, ClusterClient.json(fields));
    }
}
