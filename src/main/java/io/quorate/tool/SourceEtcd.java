package io.quorate.tool;

import io.quorate.migrate.EtcdSeal;
import io.quorate.tool.Tool.ToolException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The etcd that is followed, by its gateway for JSON. Used by one thread; {@link #another} gives another thread its own. */
final class SourceEtcd implements AutoCloseable {

    /** The member that the seal names, decimal: one that is set twice is withdrawn by one call. */
    private static final String SEALED_MEMBER = Long.toString(EtcdSeal.MEMBER);

    /** The first key that there can be, in base64. */
    private static final String FIRST_KEY = "AA==";

    /** What members say that have lost the others. */
    private static final List<String> NO_MAJORITY =
            List.of("etcdserver: request timed out", "etcdserver: no leader", "context deadline exceeded");

    private final Options options;
    private final ClusterClient client;

    SourceEtcd(Options options) {
        this.options = options;
        this.client = new ClusterClient(options, options.urls("from"), "from-");
    }

    SourceEtcd another() {
        return new SourceEtcd(options);
    }

    ClusterClient client() {
        return client;
    }

    /**
     * Which cluster it is and where it stands.
     *
     * @param clusterId decimal
     * @param revision the newest one, as a quorum sees it
     */
    record Position(String clusterId, long revision) {}

    Position position() {
        Map<?, ?> header = header(client.require("/v3/kv/range", json(Map.of("key", FIRST_KEY, "limit", "1"))));
        return new Position(ClusterClient.id(header, "cluster_id"), number(header, "revision"));
    }

    private static Map<?, ?> header(Map<String, Object> answer) {
        if (answer.get("header") instanceof Map<?, ?> header) {
            return header;
        }
        throw new ToolException("The etcd answers without a header: " + answer);
    }

    /** The whole state, as a file. */
    void snapshot(Path file) throws IOException {
        SnapshotSave.fetch(client, file);
    }

    /** A hash of the history, with what it is about. */
    record Hash(long hash, long compactRevision) {}

    /** The hash up to a revision; nothing before 3.5, whose gateway does not have it. */
    Optional<Hash> hash(long revision) {
        try {
            return Optional.of(hashIn(
                    client.require("/v3/maintenance/hashkv", json(Map.of("revision", Long.toString(revision))))));
        } catch (ToolException refused) {
            if (isUnknownPath(refused)) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    static Hash hashIn(Map<String, Object> answer) {
        return new Hash(number(answer, "hash"), Math.max(0, number(answer, "compact_revision")));
    }

    static boolean isUnknownPath(ToolException refused) {
        String message = String.valueOf(refused.getMessage());
        return message.endsWith(": Not Found") || message.contains("answers 404");
    }

    /**
     * The compacted revision, found by asking which revisions can be read.
     *
     * @param known one that was compacted, or 0
     * @param current one that exists
     */
    long compacted(long known, long current) {
        long probe = Math.max(1, known);
        if (probe > current || isReadable(probe)) {
            return known;
        }
        long low = probe + 1;
        long high = Math.max(low, current);
        while (low < high) {
            long middle = low + (high - low) / 2;
            if (isReadable(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Whether a revision is not compacted below: the compacted one itself can be read. */
    boolean isReadable(long revision) {
        try {
            Map<String, Object> unused = client.require(
                    "/v3/kv/range",
                    json(Map.of(
                            "key",
                            FIRST_KEY,
                            "limit",
                            "1",
                            "revision",
                            Long.toString(revision),
                            "serializable",
                            true)));
            return true;
        } catch (ToolException refused) {
            if (String.valueOf(refused.getMessage()).contains("has been compacted")) {
                return false;
            }
            throw refused;
        }
    }

    /** The revision of users and roles; nothing before 3.5, which does not tell it. */
    Optional<Long> authRevision() {
        try {
            return Optional.of(number(client.require("/v3/auth/status", "{}"), "authRevision"));
        } catch (ToolException refused) {
            if (isUnknownPath(refused)) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /** The ids of all leases. */
    List<Long> leases() {
        List<Long> ids = new ArrayList<>();
        if (client.require("/v3/lease/leases", "{}").get("leases") instanceof List<?> leases) {
            leases.forEach(lease -> ids.add(number((Map<?, ?>) lease, "ID")));
        }
        return ids;
    }

    /**
     * A lease.
     *
     * @param granted seconds
     * @param remaining seconds; negative if there is no such lease any more
     */
    record Lease(long id, long granted, long remaining) {}

    Lease lease(long id) {
        Map<String, Object> answer = client.require("/v3/lease/timetolive", json(Map.of("ID", Long.toString(id))));
        return new Lease(id, number(answer, "grantedTTL"), number(answer, "TTL"));
    }

    /**
     * Has all members refuse changes of keys and leases, by the alarm for corrupt data, or ends that. Reads go on. The alarm survives
     * restarts.
     */
    void seal(boolean on) {
        Map<String, Object> unused = client.require(
                "/v3/maintenance/alarm",
                json(Map.of("action", on ? "ACTIVATE" : "DEACTIVATE", "memberID", SEALED_MEMBER, "alarm", "CORRUPT")));
    }

    /** Whether a hand-over has sealed it. */
    boolean isSealed() {
        return corruptMembers().contains(SEALED_MEMBER);
    }

    /** Whether the alarm for corrupt data is raised, other than by the seal. */
    boolean isCorrupt() {
        return corruptMembers().stream().anyMatch(member -> !member.equals(SEALED_MEMBER));
    }

    private List<String> corruptMembers() {
        Map<String, Object> answer =
                client.require("/v3/maintenance/alarm", json(Map.of("action", "GET", "alarm", "CORRUPT")));
        return answer.get("alarms") instanceof List<?> raised
                ? raised.stream()
                        .map(each -> ClusterClient.id((Map<?, ?>) each, "memberID"))
                        .toList()
                : List.of();
    }

    /**
     * Whether it cannot be asked: no member answers, or those that do have no majority.
     *
     * @throws ToolException if it answers with a refusal
     */
    boolean isLost() {
        try {
            return client.call("/v3/kv/range", json(Map.of("key", FIRST_KEY, "limit", "1")))
                    .isEmpty();
        } catch (ToolException refused) {
            String message = String.valueOf(refused.getMessage());
            if (NO_MAJORITY.stream().anyMatch(message::contains)) {
                return true;
            }
            throw refused;
        }
    }

    /** A number in JSON, which gives 64 bits as text and leaves zero out. */
    static long number(Map<?, ?> fields, String name) {
        return Long.parseLong(Objects.toString(fields.get(name), "0"));
    }

    static String json(Map<String, Object> fields) {
        return ClusterClient.jsonOf(fields);
    }

    @Override
    public void close() {
        client.close();
    }
}
