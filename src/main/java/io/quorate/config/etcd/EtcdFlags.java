package io.quorate.config.etcd;

import static io.quorate.config.etcd.EtcdFlag.ignored;
import static io.quorate.config.etcd.EtcdFlag.refused;
import static io.quorate.config.etcd.EtcdFlag.setting;
import static io.quorate.config.etcd.EtcdFlag.translated;
import static io.quorate.config.etcd.ValueKind.DURATION;
import static io.quorate.config.etcd.ValueKind.MILLISECONDS;
import static io.quorate.config.etcd.ValueKind.NUMBER;
import static io.quorate.config.etcd.ValueKind.RETENTION;
import static io.quorate.config.etcd.ValueKind.SECONDS;
import static io.quorate.config.etcd.ValueKind.SWITCH;
import static io.quorate.config.etcd.ValueKind.TEXT;
import static java.util.stream.Collectors.toUnmodifiableMap;

import io.quorate.config.etcd.CommandLine.BadFlagException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** Every flag of etcd 3.4 to 3.8 with what it does here. */
final class EtcdFlags {

    private static final String EARLIER = "experimental-";

    private static final List<EtcdFlag> MEMBER = List.of(
            setting("name", TEXT),
            setting("data-dir", TEXT),
            setting("wal-dir", TEXT),
            setting("max-wals", NUMBER),
            setting("snapshot-count", NUMBER),
            setting("snapshot-catchup-entries", NUMBER),
            setting("heartbeat-interval", MILLISECONDS),
            setting("election-timeout", MILLISECONDS),
            setting("initial-election-tick-advance", SWITCH),
            setting("pre-vote", SWITCH),
            setting("unsafe-no-fsync", SWITCH),
            ignored("max-snapshots", NUMBER, "counts files that are kept as long as they are needed"),
            ignored("memory-mlock", SWITCH, "locks a memory-mapped database, which there is none of"),
            ignored("raft-read-timeout", DURATION, "belongs to connections that are made differently here"),
            ignored("raft-write-timeout", DURATION, "belongs to connections that are made differently here"),
            ignored("socket-reuse-port", SWITCH, "is not needed to start again on the same port"),
            ignored("socket-reuse-address", SWITCH, "is not needed to start again on the same port"),
            translated("feature-gates", Translations::featureGates));

    private static final List<EtcdFlag> CLIENTS = List.of(
            setting("listen-client-urls", TEXT),
            setting("advertise-client-urls", TEXT),
            setting("max-request-bytes", NUMBER),
            setting("max-txn-ops", NUMBER),
            setting("max-concurrent-streams", NUMBER),
            setting("grpc-keepalive-min-time", DURATION),
            setting("grpc-keepalive-interval", DURATION),
            setting("grpc-keepalive-timeout", DURATION),
            setting("watch-progress-notify-interval", DURATION),
            setting("warning-unary-request-duration", DURATION),
            setting("listen-client-http-urls", TEXT),
            ignored("enable-grpc-gateway", SWITCH, "cannot be turned off"),
            ignored("enable-v2", SWITCH, "belongs to an API that is gone"),
            setting("cors", TEXT),
            setting("host-whitelist", TEXT));

    private static final List<EtcdFlag> STORE = List.of(
            setting("quota-backend-bytes", NUMBER),
            setting("auto-compaction-mode", TEXT),
            setting("auto-compaction-retention", RETENTION),
            setting("compaction-batch-limit", NUMBER),
            setting("compaction-sleep-interval", DURATION),
            setting("warning-apply-duration", DURATION),
            setting("enable-lease-checkpoint", SWITCH, "quorate.lease-checkpoint"),
            ignored("backend-bbolt-freelist-type", TEXT, "belongs to a database of another kind"),
            ignored("backend-batch-interval", DURATION, "belongs to a database of another kind"),
            ignored("backend-batch-limit", NUMBER, "belongs to a database of another kind"),
            ignored("bootstrap-defrag-threshold-megabytes", NUMBER, "is not needed: space is given back all the time"),
            setting("initial-corrupt-check", SWITCH),
            setting("corrupt-check-time", DURATION),
            setting("compact-hash-check-time", DURATION),
            setting("compact-hash-check-enabled", SWITCH),
            setting("downgrade-check-time", DURATION));

    private static final List<EtcdFlag> CLUSTER = List.of(
            setting("listen-peer-urls", TEXT),
            setting("initial-advertise-peer-urls", TEXT),
            setting("initial-cluster", TEXT),
            setting("initial-cluster-state", TEXT),
            setting("initial-cluster-token", TEXT),
            setting("force-new-cluster", SWITCH),
            setting("strict-reconfig-check", SWITCH),
            setting("max-learners", NUMBER),
            refused("discovery", TEXT, "is gone; list the members in --initial-cluster"),
            refused("discovery-token", TEXT, "is not there yet; list the members in --initial-cluster"),
            refused("discovery-endpoints", TEXT, "is not there yet; list the members in --initial-cluster"),
            setting("discovery-srv", TEXT),
            setting("discovery-srv-name", TEXT),
            ignored("discovery-fallback", TEXT, "belongs to --discovery"),
            ignored("discovery-proxy", TEXT, "belongs to --discovery"),
            ignored("discovery-dial-timeout", DURATION, "belongs to --discovery-endpoints"),
            ignored("discovery-request-timeout", DURATION, "belongs to --discovery-endpoints"),
            ignored("discovery-keepalive-time", DURATION, "belongs to --discovery-endpoints"),
            ignored("discovery-keepalive-timeout", DURATION, "belongs to --discovery-endpoints"),
            ignored("discovery-insecure-transport", SWITCH, "belongs to --discovery-endpoints"),
            ignored("discovery-insecure-skip-tls-verify", SWITCH, "belongs to --discovery-endpoints"),
            ignored("discovery-cert", TEXT, "belongs to --discovery-endpoints"),
            ignored("discovery-key", TEXT, "belongs to --discovery-endpoints"),
            ignored("discovery-cacert", TEXT, "belongs to --discovery-endpoints"),
            ignored("discovery-user", TEXT, "belongs to --discovery-endpoints"),
            ignored("discovery-password", TEXT, "belongs to --discovery-endpoints"));

    private static final List<EtcdFlag> SECURITY = List.of(
            setting("cert-file", TEXT),
            setting("key-file", TEXT),
            setting("client-cert-auth", SWITCH),
            setting("trusted-ca-file", TEXT),
            setting("client-crl-file", TEXT),
            setting("client-cert-allowed-hostname", TEXT),
            setting("auto-tls", SWITCH),
            ignored("client-cert-file", TEXT, "belongs to a client that the server has no need of"),
            ignored("client-key-file", TEXT, "belongs to a client that the server has no need of"),
            setting("peer-cert-file", TEXT),
            setting("peer-key-file", TEXT),
            setting("peer-client-cert-auth", SWITCH),
            setting("peer-trusted-ca-file", TEXT),
            setting("peer-crl-file", TEXT),
            setting("peer-cert-allowed-cn", TEXT),
            setting("peer-cert-allowed-hostname", TEXT),
            setting("peer-client-cert-file", TEXT),
            setting("peer-client-key-file", TEXT),
            setting("peer-auto-tls", SWITCH),
            setting("peer-skip-client-san-verification", SWITCH),
            setting("self-signed-cert-validity", NUMBER),
            setting("cipher-suites", TEXT),
            setting("tls-min-version", TEXT),
            setting("tls-max-version", TEXT),
            setting("auth-token", TEXT, "quorate.auth.token"),
            setting("auth-token-ttl", SECONDS, "quorate.auth.token-ttl"),
            setting("bcrypt-cost", NUMBER, "quorate.auth.bcrypt-cost"));

    private static final List<EtcdFlag> OPERATIONS = List.of(
            translated("listen-metrics-urls", Translations::metricsUrls),
            translated("log-level", Translations::logLevel),
            translated("log-format", Translations::logFormat),
            ignored("logger", TEXT, "chooses a library; see --log-format"),
            ignored("log-outputs", TEXT, "is always standard output; let the platform collect it"),
            ignored("enable-log-rotation", SWITCH, "belongs to files; the log goes to standard output"),
            ignored("log-rotation-config-json", TEXT, "belongs to files; the log goes to standard output"),
            ignored("log-package-levels", TEXT, "names packages of etcd; use --logging.level.NAME=LEVEL"),
            setting("metrics", TEXT),
            ignored("enable-pprof", SWITCH, "belongs to Go; use the JDK's Flight Recorder"),
            setting("enable-distributed-tracing", SWITCH, "quorate.tracing.enabled"),
            translated("distributed-tracing-address", Translations::collector),
            setting("distributed-tracing-service-name", TEXT, "quorate.tracing.service-name"),
            setting("distributed-tracing-instance-id", TEXT, "quorate.tracing.instance-id"),
            setting("distributed-tracing-sampling-rate", NUMBER, "quorate.tracing.sampling-rate"),
            ignored("config-file", TEXT, "is read before all others"),
            ignored("version", SWITCH, "is answered at once"),
            ignored("help", SWITCH, "is answered at once"),
            ignored("h", SWITCH, "is answered at once"));

    private static final Set<String> ANSWERED_AT_ONCE = Set.of("version", "help", "h");

    private static final Map<String, EtcdFlag> BY_NAME = Stream.of(
                    MEMBER, CLIENTS, STORE, CLUSTER, SECURITY, OPERATIONS)
            .flatMap(List::stream)
            .collect(toUnmodifiableMap(EtcdFlag::name, Function.identity()));

    private EtcdFlags() {}

    /** All names. */
    static SortedSet<String> names() {
        return new TreeSet<>(BY_NAME.keySet());
    }

    /** Whether there is such a flag. */
    static boolean exists(String name) {
        return BY_NAME.containsKey(current(name));
    }

    /**
     * The flag of a name, which may be one of before etcd 3.7.
     *
     * @throws BadFlagException worded as etcd does, if there is none
     */
    static EtcdFlag named(String name) {
        EtcdFlag flag = BY_NAME.get(current(name));
        if (flag == null) {
            throw new BadFlagException("flag provided but not defined: -" + name);
        }
        return flag;
    }

    /**
     * The flag that a variable of the environment stands for. Those that ask for an answer instead of a member have none:
     * images tell their version in {@code ETCD_VERSION}.
     */
    static Optional<EtcdFlag> ofVariable(String variable) {
        return BY_NAME.values().stream()
                .filter(flag -> !ANSWERED_AT_ONCE.contains(flag.name()))
                .filter(flag -> flag.variable().equals(variable)
                        || flag.variable().equals(variable.replaceFirst("^ETCD_EXPERIMENTAL_", "ETCD_")))
                .findFirst();
    }

    /** Most flags were called experimental for some versions, and their values have not changed since. */
    private static String current(String name) {
        return name.startsWith(EARLIER) ? name.substring(EARLIER.length()) : name;
    }
}
