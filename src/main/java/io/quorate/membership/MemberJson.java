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

    /** Writes that a learner becomes a voter. */
    public static byte[] encodePromotion(Member member) {
        ObjectNode node = node(member);
        node.put("isPromote", true);
        return JSON.writeValueAsBytes(node);
    }

    /** Whether a change makes a learner a voter. */
    public static boolean isPromotion(byte[] context) {
        try {
            return JSON.readTree(context).path("isPromote").asBoolean(false);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("no member: " + new String(context, StandardCharsets.UTF_8), e);
        }
    }

    /** Writes {@code {"id":..,"peerURLs":[..],"isLearner":true,"name":".."}}; ids are unsigned numbers. */
    public static byte[] encode(Member member) {
        return JSON.writeValueAsBytes(node(member));
    }

    /** As {@link #encode}, and with the client URLs: as etcd's database has it. */
    public static byte[] encodeStored(Member member) {
        ObjectNode node = node(member);
        if (!member.clientUrls().isEmpty()) {
            var urls = node.putArray("clientURLs");
            member.clientUrls().forEach(urls::add);
        }
        return JSON.writeValueAsBytes(node);
    }

    private static ObjectNode node(Member member) {
        ObjectNode node = JSON.createObjectNode();
        node.put("id", new BigInteger(Long.toUnsignedString(member.id())));
        var urls = node.putArray("peerURLs");
        member.peerUrls().forEach(urls::add);
        if (member.isLearner()) {
            node.put("isLearner", true);
        }
        node.put("name", member.name());
        return node;
    }

    /**
     * Reads what {@link #encodeStored} writes.
     *
     * @throws IllegalArgumentException if it is no member
     */
    public static Member decodeStored(byte[] stored) {
        Member announced = decode(stored);
        return decodeAttributes(announced.id(), stored).withPeerUrls(announced.peerUrls());
    }

    /**
     * Reads what a member tells of itself: its name and client URLs.
     *
     * @throws IllegalArgumentException if they are no JSON
     */
    public static Member decodeAttributes(long id, byte[] attributes) {
        try {
            JsonNode node = JSON.readTree(attributes);
            List<String> urls = new ArrayList<>();
            node.path("clientURLs").forEach(url -> urls.add(url.asString()));
            return new Member(
                    id,
                    node.path("name").asString(""),
                    List.of(),
                    urls,
                    node.path("isLearner").asBoolean(false));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("no member: " + new String(attributes, StandardCharsets.UTF_8), e);
        }
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
