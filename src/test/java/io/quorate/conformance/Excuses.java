package io.quorate.conformance;

import io.quorate.fixture.HttpReply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a member is meant to answer otherwise than etcd. Each entry turns etcd's answer into the one that is wanted, so that
 * also an excused answer is compared.
 */
final class Excuses {

    private static final String KEEP_ALIVE = "/lease/keepalive";
    private static final int INVALID_ARGUMENT = 3;

    private static final List<Excuse> TABLE = List.of(
            new Excuse(
                    "what is wrong with text that is no JSON is told in the words of etcd's library",
                    "3.3 bad JSON: 400",
                    Excuses::parserText),
            new Excuse(
                    "a stream of requests that begins with an unreadable one is 200 without a word, is 400 like any bad JSON",
                    "3.3 bad JSON: 400",
                    Excuses::badStream),
            new Excuse(
                    "an empty body of requests is answered without the headers of an answer",
                    "3.3 headers",
                    Excuses::emptyStream),
            new Excuse(
                    "whether a range without keys is covered where its start is depends on the shape of a tree; here it always is",
                    "2.9 permissions",
                    Excuses::emptyRange),
            new Excuse(
                    "a value of JSON that is no bytes or no number is repeated however long it is, is cut",
                    "3.3 bad JSON: 400",
                    Excuses::longText));

    private final Map<Excuse, Integer> uses = new LinkedHashMap<>();

    Excuses() {
        TABLE.forEach(excuse -> uses.put(excuse, 0));
    }

    /** What etcd would answer if it were as is wanted. */
    JsonNode wanted(Step step, JsonNode answer) {
        JsonNode result = answer;
        for (Excuse excuse : TABLE) {
            JsonNode changed = excuse.rule().wanted(step, result);
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

    private static JsonNode parserText(Step step, JsonNode answer) {
        boolean refused = answer.path("body").path("code").asInt(0) == INVALID_ARGUMENT;
        if (!(step instanceof Step.Http http) || !refused || isJsonObject(http.body())) {
            return answer;
        }
        ObjectNode wanted = answer.deepCopy().asObject();
        wanted.path("body").asObject().put("message", Difference.ANYTHING);
        return wanted;
    }

    private static JsonNode longText(Step step, JsonNode answer) {
        boolean refused = answer.path("body").path("code").asInt(0) == INVALID_ARGUMENT;
        if (!(step instanceof Step.Http)
                || !refused
                || !Names.isShortened(answer.path("body").path("message"))) {
            return answer;
        }
        ObjectNode wanted = answer.deepCopy().asObject();
        wanted.path("body").asObject().put("message", Difference.ANYTHING);
        return wanted;
    }

    private static boolean isJsonObject(String text) {
        try {
            return HttpReply.parse(text).isObject();
        } catch (JacksonException e) {
            return false; // that is the answer
        }
    }

    private static JsonNode badStream(Step step, JsonNode answer) {
        if (!isSilent(step, answer) || ((Step.Http) step).body().isBlank()) {
            return answer;
        }
        ObjectNode wanted = answer.deepCopy().asObject();
        wanted.put("status", 400).put("content-type", "application/json");
        wanted.putObject("body").put("code", INVALID_ARGUMENT).put("message", Difference.ANYTHING);
        return wanted;
    }

    private static JsonNode emptyStream(Step step, JsonNode answer) {
        if (!isSilent(step, answer) || !((Step.Http) step).body().isBlank()) {
            return answer;
        }
        return answer.deepCopy()
                .asObject()
                .put("content-type", "application/json")
                .put("grpc-metadata-content-type", "application/grpc");
    }

    /** Nothing can be read, written or seen in such a range. */
    private static JsonNode emptyRange(Step step, JsonNode answer) {
        boolean refused = EmptyRanges.has(step) && answer.toString().contains("permission denied");
        return refused ? JsonNodeFactory.instance.stringNode(Difference.ANYTHING) : answer;
    }

    /** Whether a stream of requests was answered by nothing at all. */
    private static boolean isSilent(Step step, JsonNode answer) {
        return step instanceof Step.Http http
                && http.path().endsWith(KEEP_ALIVE)
                && answer.path("status").asInt() == 200
                && answer.path("body").asString("x").isEmpty();
    }

    /**
     * One difference between the installed etcd and docs/etcd-v3.md, as a change to the old answer.
     *
     * @param what the old and the new behaviour
     * @param where the section of docs/etcd-v3.md that says so
     * @param rule makes the old answer the new one
     */
    record Excuse(String what, String where, Rule rule) {

        /** Returns what etcd would answer today, or the same tree if that is no different. */
        interface Rule {
            JsonNode wanted(Step step, JsonNode answer);
        }
    }
}
