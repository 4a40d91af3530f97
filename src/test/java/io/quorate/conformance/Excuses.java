package io.quorate.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What the installed etcd, 3.4, answers otherwise than the surface demands, which describes 3.7. Each entry turns the old
 * answer into the one of today, so that also an excused answer is compared.
 */
final class Excuses {

    private static final List<Excuse> TABLE = List.of();

    private final Map<Excuse, Integer> uses = new LinkedHashMap<>();

    Excuses() {
        TABLE.forEach(excuse -> uses.put(excuse, 0));
    }

    /** What etcd would answer today. */
    JsonNode today(Step step, JsonNode answer) {
        JsonNode result = answer;
        for (Excuse excuse : TABLE) {
            JsonNode changed = excuse.rule().today(step, result);
            if (!changed.equals(result)) {
                uses.merge(excuse, 1, Integer::sum);
                result = changed;
            }
        }
        return result;
    }

    /** How often each was needed. */
    Map<Excuse, Integer> uses() {
        return uses;
    }
}
