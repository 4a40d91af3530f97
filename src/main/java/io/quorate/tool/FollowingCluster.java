package io.quorate.tool;

import io.quorate.tool.Tool.ToolException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The cluster that is to take over. Used by one thread. */
final class FollowingCluster implements AutoCloseable {

    /** Ends what is said of an etcd, or whatever else has no such methods. */
    static final String NO_QUORATE = "is no Quorate";

    private static final String PATH = "/v3/quorate/following/";

    private final ClusterClient client;
    private State state = State.NOTHING;

    FollowingCluster(Options options) {
        client = new ClusterClient(options);
    }

    /**
     * Where following stands.
     *
     * @param phase {@code NONE}, {@code LOADING}, {@code FOLLOWING} or {@code TAKEN_OVER}
     * @param source the id of the cluster that is followed, decimal
     * @param revision of the last change that was taken over
     * @param sub its number within that
     * @param authRevision of users and roles that were taken over last
     */
    record State(String phase, String source, long revision, long sub, long authRevision) {

        static final State NOTHING = new State("NONE", "0", 0, 0, 0);

        static State in(Map<?, ?> answer) {
            if (!(answer.get("state") instanceof Map<?, ?> fields)) {
                return NOTHING;
            }
            Map<?, ?> position = fields.get("position") instanceof Map<?, ?> found ? found : Map.of();
            return new State(
                    Objects.toString(fields.get("phase"), "NONE"),
                    ClusterClient.id(fields, "source_cluster_id"),
                    SourceEtcd.number(position, "revision"),
                    SourceEtcd.number(position, "sub"),
                    SourceEtcd.number(fields, "auth_revision"));
        }

        boolean is(String name) {
            return phase.equals(name);
        }
    }

    /**
     * Asks for the state.
     *
     * @throws ToolException ending in {@link #NO_QUORATE} if the endpoint is something else
     */
    State refresh() {
        try {
            state = State.in(client.require(PATH + "status", "{}"));
            return state;
        } catch (ToolException refused) {
            throw SourceEtcd.isUnknownPath(refused)
                    ? new ToolException("What answers at --endpoints (" + refused.getMessage() + ") " + NO_QUORATE)
                    : refused;
        }
    }

    /** As the last step left it. */
    State state() {
        return state;
    }

    /** How often a member was asked and did not answer; a step that it was asked for may have been taken. */
    long unanswered() {
        return client.unanswered();
    }

    /** Why no member answered. */
    String lastFailure() {
        return client.lastFailure();
    }

    /**
     * Asks for a state that all earlier steps have led to, in the order of the log; what a member tells by itself may be older.
     *
     * @throws ToolException if the cluster does not follow that source any more, though a member that is behind says so
     */
    void confirm(String source) {
        try {
            step("begin", Map.of("source_cluster_id", source));
        } catch (ToolException failure) {
            throw String.valueOf(failure.getMessage()).contains("follows another")
                    ? new ToolException("The member that answered is behind the others.")
                    : failure;
        }
    }

    /** Takes a step from that state. */
    void step(String kind, Map<String, Object> step) {
        Map<String, Object> request = new HashMap<>();
        request.put("after", Map.of("revision", Long.toString(state.revision()), "sub", Long.toString(state.sub())));
        request.put(kind, step);
        state = State.in(client.require(PATH + "follow", ClusterClient.jsonOf(request)));
    }

    /**
     * A key that lives there.
     *
     * @param base64 the key
     */
    record Key(String base64, long modRevision) {}

    /** Some keys that live there, from one on. */
    record Keys(List<Key> keys, boolean more) {}

    Keys keys(byte[] from) {
        Map<String, Object> answer = client.require(
                PATH + "keys",
                ClusterClient.jsonOf(Map.of("from", Base64.getEncoder().encodeToString(from), "limit", "1000")));
        State seen = State.in(answer);
        if (!seen.equals(state)) {
            throw new ToolException("The member that answers is behind or ahead of the others.");
        }
        List<Key> keys = new ArrayList<>();
        if (answer.get("keys") instanceof List<?> listed) {
            for (Object each : listed) {
                Map<?, ?> key = (Map<?, ?>) each;
                keys.add(new Key(Objects.toString(key.get("key"), ""), SourceEtcd.number(key, "mod_revision")));
            }
        }
        return new Keys(keys, Boolean.TRUE.equals(answer.get("more")));
    }

    /** The hash up to a revision. */
    SourceEtcd.Hash hash(long revision) {
        return SourceEtcd.hashIn(client.require(
                "/v3/maintenance/hashkv", ClusterClient.jsonOf(Map.of("revision", Long.toString(revision)))));
    }

    @Override
    public void close() {
        client.close();
    }
}
