package io.quorate.conformance;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the answers of one server comparable with those of another: what is bound to differ gets a name. Answers become
 * trees; a tree made from JSON keeps whether a number was written as a string.
 */
final class Names {

    private static final Set<String> REVISIONS =
            Set.of("revision", "create_revision", "mod_revision", "compact_revision");

    /** Lists whose order depends on clocks or is not promised: leases by expiry, keys of a lease. */
    private static final Set<String> UNORDERED = Set.of("leases", "keys");

    /** Longer texts are told by length and hash. */
    private static final int TEXT_MAX = 60;

    private static final String SHORTENED = " characters, hash ";

    /** No program takes longer, in seconds. */
    private static final long PROGRAM_SECONDS_MAX = 9;

    private final long clusterId;
    private final long memberId;
    private final Symbols symbols;

    Names(long clusterId, long memberId, Symbols symbols) {
        this.clusterId = clusterId;
        this.memberId = memberId;
        this.symbols = symbols;
    }

    /**
     * Whether an event may be there or not: a deletion at the very revision of a compaction, which today stays and which etcd
     * 3.4 removes a moment later.
     */
    boolean mayBeGone(boolean isDeletion, long revision) {
        return isDeletion && revision == symbols.compacted();
    }

    /** Whether a text is told by length and hash. */
    static boolean isShortened(JsonNode text) {
        return text.asString("").contains(SHORTENED);
    }

    /** A message as a tree of its fields that are set. */
    JsonNode of(Message message) {
        return of(tree(message));
    }

    /** A tree with names in it. */
    JsonNode of(JsonNode tree) {
        return switch (tree) {
            case ObjectNode object -> object(object);
            case ArrayNode array -> array("", array);
            default -> tree;
        };
    }

    private ObjectNode object(ObjectNode object) {
        ObjectNode named = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode value = field.getValue();
            named.set(
                    field.getKey(),
                    switch (value) {
                        case ObjectNode inner -> object(inner);
                        case ArrayNode inner -> array(field.getKey(), inner);
                        default -> value(field.getKey(), value);
                    });
        }
        hideClock(object, named);
        return named;
    }

    private ArrayNode array(String name, ArrayNode array) {
        List<JsonNode> elements = new ArrayList<>();
        array.forEach(element -> elements.add(element.isContainer() ? of(element) : value(name, element)));
        if (UNORDERED.contains(name)) {
            elements.sort(Comparator.comparing(JsonNode::toString));
        }
        return JsonNodeFactory.instance.arrayNode().addAll(elements);
    }

    private JsonNode value(String name, JsonNode value) {
        String text = value.isString() || value.isIntegralNumber() ? value.asString() : "";
        if (name.equals("token") && !text.isEmpty()) {
            return JsonNodeFactory.instance.stringNode("a token");
        }
        String meaning = meaning(name, text);
        if (!meaning.isEmpty()) {
            return JsonNodeFactory.instance.stringNode(value.isString() ? "'" + meaning + "'" : meaning);
        }
        return value.isString() && text.length() > TEXT_MAX && !name.equals("cancel_reason")
                ? JsonNodeFactory.instance.stringNode(text.length() + SHORTENED + text.hashCode())
                : value;
    }

    private String meaning(String name, String text) {
        if (text.isEmpty() || text.length() > 20 || !text.matches("-?[0-9]+")) {
            return "";
        }
        if (REVISIONS.contains(name)) {
            return "@" + (Long.parseLong(text) - symbols.base());
        }
        if (name.equals("authRevision")) {
            return "auth@" + (Long.parseLong(text) - symbols.authBase());
        }
        if (name.equals("cluster_id") && text.equals(Long.toUnsignedString(clusterId))) {
            return "cluster";
        }
        if (name.equals("member_id") && text.equals(Long.toUnsignedString(memberId))) {
            return "member";
        }
        List<Long> leases = symbols.chosenLeases();
        for (int i = 0; i < leases.size(); i++) {
            if (text.equals(leases.get(i).toString())) {
                return "lease#" + i;
            }
        }
        return symbols.isEarlierLease(text) ? "a lease of an earlier program" : "";
    }

    /** What is left of a lease's time depends on when one asks. */
    private static void hideClock(ObjectNode original, ObjectNode named) {
        JsonNode left = original.path("TTL");
        long granted = original.path("grantedTTL").asLong(0);
        if (granted > 0 && left.asLong(0) <= granted && left.asLong(0) >= granted - PROGRAM_SECONDS_MAX) {
            named.put("TTL", "running");
        }
    }

    private static ObjectNode tree(Message message) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            String name = field.getKey().getName();
            if (field.getValue() instanceof List<?> values) {
                ArrayNode array = tree.putArray(name);
                values.forEach(value -> array.add(leaf(field.getKey(), value)));
            } else {
                tree.set(name, leaf(field.getKey(), field.getValue()));
            }
        }
        return tree;
    }

    private static JsonNode leaf(FieldDescriptor field, Object value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        boolean isUnsigned = field.getType() == FieldDescriptor.Type.UINT64;
        return switch (value) {
            case Message message -> tree(message);
            case ByteString bytes -> nodes.stringNode("b:" + TextFormat.escapeBytes(bytes));
            case EnumValueDescriptor constant -> nodes.stringNode(constant.getName());
            case Long number
            when isUnsigned -> nodes.numberNode(new java.math.BigInteger(Long.toUnsignedString(number)));
            case Long number -> nodes.numberNode(number);
            case Integer number -> nodes.numberNode(number);
            case Boolean flag -> nodes.booleanNode(flag);
            default -> nodes.stringNode(value.toString());
        };
    }
}
