package io.quorate.backup;

import io.quorate.raft.ConfState;
import java.math.BigInteger;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The configuration of Raft as etcd's database has it: JSON with the names of the message's fields. */
public final class ConfStateJson {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ConfStateJson() {}

    /** Writes a configuration. */
    public static byte[] encode(ConfState state) {
        ObjectNode node = JSON.createObjectNode();
        put(node, "voters", state.voters());
        put(node, "learners", state.learners());
        put(node, "voters_outgoing", state.votersOutgoing());
        put(node, "learners_next", state.learnersNext());
        node.put("auto_leave", state.autoLeave());
        return JSON.writeValueAsBytes(node);
    }

    /**
     * Reads a configuration.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static ConfState decode(byte[] json) {
        try {
            JsonNode node = JSON.readTree(json);
            return new ConfState(
                    ids(node, "voters"),
                    ids(node, "voters_outgoing"),
                    ids(node, "learners"),
                    ids(node, "learners_next"),
                    node.path("auto_leave").asBoolean(false));
        } catch (JacksonException | NumberFormatException e) {
            throw new IllegalArgumentException("no configuration of Raft: " + e.getMessage(), e);
        }
    }

    private static void put(ObjectNode node, String name, List<Long> ids) {
        if (ids.isEmpty()) {
            return;
        }
        var array = node.putArray(name);
        ids.forEach(id -> array.add(new BigInteger(Long.toUnsignedString(id))));
    }

    private static List<Long> ids(JsonNode node, String name) {
        return node.path(name)
                .valueStream()
                .map(id -> Long.parseUnsignedLong(id.asString()))
                .toList();
    }
}
