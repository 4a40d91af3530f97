package io.quorate.api.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Examples of requests, from the file {@code examples.json}: each has a name in its operation, under which the document has its parameters
 * and its body. In the order of the file they succeed, one after the other, in a new cluster.
 */
final class OpenApiExamples {

    private final List<Example> all;

    private OpenApiExamples(List<Example> all) {
        this.all = all;
    }

    /**
     * One request.
     *
     * @param operation its id
     * @param request method and target, without escapes
     * @param accept the form of the answer; null for JSON
     * @param type of the body
     * @param status of the answer, if it is a problem
     */
    record Example(
            String operation,
            String name,
            String request,
            @Nullable Map<String, String> headers,
            @Nullable String accept,
            @Nullable String type,
            @Nullable JsonNode body,
            @Nullable Integer status) {

        private String[] target() {
            return request.substring(request.indexOf(' ') + 1).split("\\?", 2);
        }

        /** What the path has in the place of a variable, of which the last one in a path takes all that is left. */
        String inPath(String pattern, String variable) {
            String[] names = pattern.split("/", -1);
            return target()[0].split("/", names.length)[Arrays.asList(names).indexOf("{" + variable + "}")];
        }

        @Nullable
        String inQuery(String name) {
            return target().length == 1
                    ? null
                    : Arrays.stream(target()[1].split("&"))
                            .map(each -> each.split("=", 2))
                            .filter(each -> each[0].equals(name))
                            .map(each -> each[1])
                            .findFirst()
                            .orElse(null);
        }

        @Nullable
        String inHeader(String name) {
            return headers == null ? null : headers.get(name);
        }

        /** Beside the parameters and the body. */
        Map<String, Object> step() {
            Map<String, Object> step = new LinkedHashMap<>();
            step.put("operation", operation);
            step.put("name", name);
            if (accept != null) {
                step.put("accept", accept);
            }
            if (status != null) {
                step.put("status", status);
            }
            return step;
        }
    }

    static OpenApiExamples load() {
        try (InputStream file =
                Objects.requireNonNull(OpenApiExamples.class.getResourceAsStream("examples.json"), "no examples")) {
            return new OpenApiExamples(List.of(RestJson.MAPPER.readValue(file, Example[].class)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In which order they succeed, each by its operation and name. */
    List<Map<String, Object>> order() {
        return all.stream().map(Example::step).toList();
    }

    /** The same operation with the examples it has. */
    Map<String, Object> addTo(String path, Map<String, Object> operation) {
        List<Example> own = all.stream()
                .filter(each -> each.operation().equals(operation.get("operationId")))
                .toList();
        Map<String, Object> with = new LinkedHashMap<>(operation);
        with.computeIfPresent(
                "parameters",
                (name, list) -> ((List<?>) list)
                        .stream()
                                .map(each -> parameter(path, OpenApiMerge.copy(each), own))
                                .toList());
        with.computeIfPresent("requestBody", (name, body) -> body(OpenApiMerge.copy(body), own));
        return with;
    }

    private static Map<String, Object> parameter(String path, Map<String, Object> parameter, List<Example> own) {
        String name = String.valueOf(parameter.get("name"));
        return with(
                parameter,
                own,
                switch (String.valueOf(parameter.get("in"))) {
                    case "path" -> example -> example.inPath(path, name);
                    case "query" -> example -> example.inQuery(name);
                    default -> example -> example.inHeader(name);
                });
    }

    private static Map<String, Object> body(Map<String, Object> body, List<Example> own) {
        Map<String, Object> content = OpenApiMerge.copy(Objects.requireNonNull(body.get("content")));
        content.replaceAll((type, form) ->
                with(OpenApiMerge.copy(form), own, example -> type.equals(example.type()) ? example.body() : null));
        body.put("content", content);
        return body;
    }

    private static Map<String, Object> with(
            Map<String, Object> described, List<Example> own, Function<Example, @Nullable Object> part) {
        Map<String, Object> named = own.stream()
                .filter(example -> part.apply(example) != null)
                .collect(Collectors.toMap(
                        Example::name,
                        example -> Map.of("value", Objects.requireNonNull(part.apply(example))),
                        (one, other) -> one,
                        LinkedHashMap::new));
        if (!named.isEmpty()) {
            described.put("examples", named);
        }
        return described;
    }
}
