package io.quorate.api.web;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Makes one operation of two that a parameter tells apart, as OpenAPI has only one for each path and method. */
final class OpenApiMerge {

    private static final String PARAMETERS = "parameters";
    private static final String RESPONSES = "responses";
    private static final String CONTENT = "content";

    private OpenApiMerge() {}

    /** The one with the parameters and answers of both. */
    static Map<String, Object> of(Map<String, Object> usual, Map<String, Object> variant) {
        Map<String, Object> both = new LinkedHashMap<>(usual);
        both.put("summary", usual.get("summary") + " " + variant.get("summary"));
        List<Object> parameters = new ArrayList<>((List<?>) part(usual, PARAMETERS));
        Set<Object> names = new HashSet<>();
        parameters.forEach(each -> names.add(part(each, "name")));
        for (Object each : (List<?>) part(variant, PARAMETERS)) {
            if (names.add(part(each, "name"))) {
                parameters.add(each);
            }
        }
        both.put(PARAMETERS, parameters);
        Map<String, Object> responses = copy(part(usual, RESPONSES));
        copy(part(variant, RESPONSES))
                .forEach((status, answer) -> responses.merge(status, answer, OpenApiMerge::answer));
        both.put(RESPONSES, responses);
        return both;
    }

    private static Object answer(Object usual, Object variant) {
        Map<String, Object> both = copy(usual);
        if (both.containsKey(CONTENT) && copy(variant).containsKey(CONTENT)) {
            Map<String, Object> content = copy(part(usual, CONTENT));
            content.putAll(copy(part(variant, CONTENT)));
            both.put(CONTENT, content);
        }
        return both;
    }

    private static Object part(Object whole, String name) {
        return copy(whole).getOrDefault(name, Map.of());
    }

    /** A map of the document, to be changed. */
    @SuppressWarnings("unchecked") // names are texts wherever the document has a map
    static Map<String, Object> copy(Object map) {
        return new TreeMap<>((Map<String, Object>) map);
    }
}
