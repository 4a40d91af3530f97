package io.quorate.tool;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A member in an answer of the gateway.
 *
 * @param id decimal, as JSON has it
 * @param name empty until it has started
 */
record ClusterMember(String id, String name, List<String> peerUrls, boolean isLearner) {

    static List<ClusterMember> listIn(Map<String, Object> answer) {
        return answer.get("members") instanceof List<?> members
                ? members.stream().map(member -> of((Map<?, ?>) member)).toList()
                : List.of();
    }

    private static ClusterMember of(Map<?, ?> member) {
        List<String> urls = member.get("peerURLs") instanceof List<?> list
                ? list.stream().map(Object::toString).toList()
                : List.of();
        return new ClusterMember(
                ClusterClient.id(member, "ID"),
                Objects.toString(member.get("name"), ""),
                urls,
                Boolean.parseBoolean(Objects.toString(member.get("isLearner"), "false")));
    }

    boolean hasStarted() {
        return !name.isEmpty();
    }
}
