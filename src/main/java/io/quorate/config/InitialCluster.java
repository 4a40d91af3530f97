package io.quorate.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The members a new cluster starts with, as {@code name=url,name=url}; a name may appear more than once, each time with
 * another of its peer URLs. Member and cluster ids derive from it.
 *
 * @param members peer URLs by member name, in the order written
 */
public record InitialCluster(SequencedMap<String, List<MemberUrl>> members) {

    public InitialCluster {
        SequencedMap<String, List<MemberUrl>> copy = new LinkedHashMap<>();
        members.forEach((name, urls) -> copy.put(name, List.copyOf(urls)));
        members = Collections.unmodifiableSequencedMap(copy);
    }

    /**
     * Reads the list; also what the binding of properties calls to convert text. Empty text is no members, which stands
     * for this member alone.
     *
     * @throws BadUrlException if a part is not a URL
     * @throws BadSettingException if a part has no name
     */
    public static InitialCluster of(String text) {
        SequencedMap<String, List<MemberUrl>> members = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            if (!part.isBlank()) {
                add(members, part.strip(), text);
            }
        }
        return new InitialCluster(members);
    }

    /** A cluster of one. */
    public static InitialCluster alone(String name, List<MemberUrl> urls) {
        SequencedMap<String, List<MemberUrl>> members = new LinkedHashMap<>();
        members.put(name, urls);
        return new InitialCluster(members);
    }

    private static void add(SequencedMap<String, List<MemberUrl>> members, String part, String text) {
        int equals = part.indexOf('=');
        if (equals <= 0) {
            throw new BadSettingException(
                    "quorate.initial-cluster", text, "'" + part + "' must look like name=http://host:port");
        }
        members.computeIfAbsent(part.substring(0, equals), key -> new ArrayList<>())
                .add(MemberUrl.of(part.substring(equals + 1)));
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        members.forEach((name, urls) -> urls.forEach(url -> parts.add(name + "=" + url)));
        return String.join(",", parts);
    }
}
