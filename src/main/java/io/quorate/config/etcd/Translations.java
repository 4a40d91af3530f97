package io.quorate.config.etcd;

import io.quorate.config.MemberUrl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Flags that are no property of the same name: what their values mean in the terms of Spring. */
final class Translations {

    private static final Map<String, String> GATES = Map.of(
            "CompactHashCheck", "quorate.compact-hash-check-enabled",
            "InitialCorruptCheck", "quorate.initial-corrupt-check",
            "LeaseCheckpoint", "quorate.lease-checkpoint");

    /** The gates of etcd which need no switch or are not there. */
    private static final Set<String> OTHER_GATES = Set.of(
            "FastLeaseKeepAlive",
            "LeaseCheckpointPersist",
            "PriorityRequest",
            "SetMemberLocalAddr",
            "StopGRPCServiceOnDefrag",
            "TxnModeWriteWithSharedBuffer",
            "AllAlpha",
            "AllBeta");

    private static final Set<String> FATAL_LEVELS = Set.of("error", "dpanic", "panic", "fatal");

    private Translations() {}

    /** Reads gates as {@code Name=true,Other=false}. */
    static Map<String, String> featureGates(String value) {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String gate : value.isEmpty() ? new String[0] : value.split(",")) {
            String[] parts = gate.split("=", 2);
            if (parts.length < 2) {
                throw new IllegalArgumentException("missing bool value for " + gate);
            }
            String state = ValueKind.SWITCH.convert(parts[1].strip());
            String name = parts[0].strip();
            if (GATES.containsKey(name)) {
                properties.put(GATES.get(name), state);
            } else if (!OTHER_GATES.contains(name)) {
                throw new IllegalArgumentException("unrecognized feature gate: " + name);
            }
        }
        return properties;
    }

    /**
     * Where spans go. Etcd sends them by gRPC, for which 4317 is the port of collectors; here they go by HTTP, for which it is 4318.
     *
     * @param value host and port, or a URL
     */
    static Map<String, String> collector(String value) {
        String url = value.contains("://") ? value : "http://" + value;
        return Map.of("quorate.tracing.to", url.replaceFirst(":4317$", ":4318"));
    }

    /**
     * The first in clear text is that of the port for operators, which has the same pages and the actuator; the others are
     * listeners of the client port for those pages.
     */
    static Map<String, String> metricsUrls(String value) {
        List<MemberUrl> others = new ArrayList<>(
                value.isBlank()
                        ? List.of()
                        : Arrays.stream(value.split(",")).map(MemberUrl::of).toList());
        Map<String, String> properties = new LinkedHashMap<>();
        others.stream()
                .filter(url -> url.scheme() == MemberUrl.Scheme.HTTP)
                .findFirst()
                .ifPresent(url -> {
                    others.remove(url);
                    properties.put("management.server.address", url.host().isEmpty() ? "0.0.0.0" : url.host());
                    properties.put("management.server.port", Integer.toString(url.port()));
                });
        if (!others.isEmpty()) {
            properties.put(
                    "quorate.listen-metrics-urls",
                    others.stream().map(MemberUrl::toString).collect(Collectors.joining(",")));
        }
        return properties;
    }

    /** The member's own log in all levels; those of libraries only to hear less of them. */
    static Map<String, String> logLevel(String value) {
        return switch (value) {
            case "debug" -> Map.of("logging.level.io.quorate", "debug");
            case "info" -> Map.of("logging.level.io.quorate", "info");
            case "warn" -> Map.of("logging.level.root", "warn");
            default -> {
                if (!FATAL_LEVELS.contains(value)) {
                    throw new IllegalArgumentException("must be debug, info, warn, error, panic or fatal");
                }
                yield Map.of("logging.level.root", "error");
            }
        };
    }

    /** JSON is that of the profile for production. */
    static Map<String, String> logFormat(String value) {
        return switch (value) {
            case "json" -> Map.of("logging.structured.format.console", "ecs");
            case "console" -> Map.of();
            default -> throw new IllegalArgumentException("must be json or console");
        };
    }
}
