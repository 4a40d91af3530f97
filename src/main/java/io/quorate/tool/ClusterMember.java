package io.quorate.tool;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A member in an answer of the gateway.
 *
 * @param id decimal, as JSON has it
 * @param name given to it; a founder has one before it has started
 * @param clientUrls empty until it has started
 */
record ClusterMember(String id, String name, List<String> peerUrls, List<String> clientUrls, boolean isLearner) {

    static List<ClusterMember> listIn(Map<String, Object> answer) {
        return answer.get("members") instanceof List<?> members
                ? members.stream().map(member -> of((Map<?, ?>) member)).toList()
                : List.of();
    }

    private static ClusterMember of(Map<?, ?> member) {
        return new ClusterMember(
                ClusterClient.id(member, "ID"),
                Objects.toString(member.get("name"), ""),
                texts(member.get("peerURLs")),
                texts(member.get("clientURLs")),
                Boolean.parseBoolean(Objects.toString(member.get("isLearner"), "false")));
    }

    private static List<String> texts(@Nullable Object field) {
        return field instanceof List<?> list
                ? list.stream().map(Object::toString).toList()
                : List.of();
    }

    boolean hasStarted() {
        return !clientUrls.isEmpty();
    }
}
