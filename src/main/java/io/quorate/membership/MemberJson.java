package io.quorate.membership;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A member as the context of a configuration change in the log: the JSON that etcd writes there, so that its tools can
 * read ours.
 */
public final class MemberJson {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private MemberJson() {}

    /** Writes {@code {"id":..,"peerURLs":[..],"isLearner":true,"name":".."}}; ids are unsigned numbers. */
    public static byte[] encode(Member member) {
        ObjectNode node = JSON.createObjectNode();
        node.put("id", new BigInteger(Long.toUnsignedString(member.id())));
        var urls = node.putArray("peerURLs");
        member.peerUrls().forEach(urls::add);
        if (member.isLearner()) {
            node.put("isLearner", true);
        }
        node.put("name", member.name());
        return JSON.writeValueAsBytes(node);
    }

    /**
     * Reads it back.
     *
     * @throws IllegalArgumentException if it is no member
     */
    public static Member decode(byte[] context) {
        try {
            JsonNode node = JSON.readTree(context);
            List<String> urls = new ArrayList<>();
            node.path("peerURLs").forEach(url -> urls.add(url.asString()));
            long id = Long.parseUnsignedLong(node.path("id").asString());
            return Member.announced(
                    id,
                    node.path("name").asString(""),
                    urls,
                    node.path("isLearner").asBoolean(false));
        } catch (JacksonException | NumberFormatException e) {
            throw new IllegalArgumentException("no member: " + new String(context, StandardCharsets.UTF_8), e);
        }
    }
}
