package io.quorate.api.web;

import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.BindParam;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

/** The REST API as OpenAPI 3.1, made of the mappings of its controllers and the records they take and give. */
final class OpenApiDocument {

    private static final String JSON = "application/json";
    private static final List<Integer> PROBLEMS = List.of(400, 401, 403, 406, 500, 503);
    private static final List<Integer> PROBLEMS_OF_JSON = List.of(413, 415);
    private static final int NOT_MODIFIED = 304;
    private static final String PROBLEM = "#/components/responses/Problem";

    private final OpenApiExamples examples = OpenApiExamples.load();
    private final JsonSchemas schemas = new JsonSchemas();
    private final Map<String, Map<String, Map<String, Object>>> paths = new TreeMap<>();

    private OpenApiDocument() {}

    static Map<String, Object> of(Map<RequestMappingInfo, HandlerMethod> handlers) {
        OpenApiDocument document = new OpenApiDocument();
        handlers.entrySet().stream() // those that are variants of others behind them
                .sorted(Comparator.comparing(
                        each -> !each.getKey().getParamsCondition().isEmpty()))
                .forEach(each -> document.add(each.getKey(), each.getValue()));
        document.paths.forEach((path, operations) ->
                operations.replaceAll((method, operation) -> document.examples.addTo(path, operation)));
        return document.whole();
    }

    private Map<String, Object> whole() {
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("openapi", "3.1.0");
        whole.put(
                "info",
                Map.of(
                        "title", "Quorate",
                        "version", "v1",
                        "description", "Everything behind the path of a key, slashes too, is the key."));
        whole.put("security", List.of(Map.of(), Map.of("token", List.of()), Map.of("password", List.of())));
        whole.put("paths", paths);
        whole.put("x-examples", examples.order());
        schemas.named()
                .put(
                        "Problem",
                        Map.of(
                                "type",
                                "object",
                                "additionalProperties",
                                true,
                                "required",
                                List.of("type", "title", "status"),
                                "properties",
                                Map.of(
                                        "type", Map.of("type", "string"),
                                        "title", Map.of("type", "string"),
                                        "status", Map.of("type", "integer"),
                                        "detail", Map.of("type", "string"),
                                        "field", Map.of("type", "string"),
                                        "grpc_code", Map.of("type", "integer"),
                                        "grpc_status", Map.of("type", "string"))));
        whole.put(
                "components",
                Map.of(
                        "schemas",
                        schemas.named(),
                        "responses",
                        Map.of(
                                "Problem",
                                Map.of(
                                        "description",
                                        "A problem",
                                        "content",
                                        Map.of(
                                                Problem.MEDIA_TYPE,
                                                Map.of("schema", Map.of("$ref", "#/components/schemas/Problem"))))),
                        "securitySchemes",
                        Map.of(
                                "token", Map.of("type", "http", "scheme", "bearer"),
                                "password", Map.of("type", "http", "scheme", "basic"))));
        return whole;
    }

    private void add(RequestMappingInfo mapping, HandlerMethod handler) {
        Summary summary = handler.getMethodAnnotation(Summary.class);
        if (summary == null) {
            return;
        }
        Map<String, Object> operation = operation(summary, handler);
        for (String path : mapping.getPatternValues()) {
            for (RequestMethod method : mapping.getMethodsCondition().getMethods()) {
                paths.computeIfAbsent(path, ignored -> new TreeMap<>())
                        .merge(method.name().toLowerCase(Locale.ROOT), operation, OpenApiMerge::of);
            }
        }
    }

    private Map<String, Object> operation(Summary summary, HandlerMethod handler) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put(
                "operationId",
                handler.getBeanType().getSimpleName().replace("Controller", "") + "."
                        + handler.getMethod().getName());
        operation.put("summary", summary.value());
        List<Object> parameters = new ArrayList<>();
        List<Integer> problems = new ArrayList<>(PROBLEMS);
        for (Parameter parameter : handler.getMethod().getParameters()) {
            if (parameter.isAnnotationPresent(RequestBody.class)) {
                operation.put("requestBody", body(parameter.getType()));
                problems.addAll(PROBLEMS_OF_JSON);
            } else {
                describe(parameter, parameters);
            }
        }
        operation.put("parameters", parameters);
        Map<String, Object> responses = new TreeMap<>();
        Arrays.stream(summary.problems()).forEach(problems::add);
        problems.forEach(status -> responses.put(Integer.toString(status), Map.of("$ref", PROBLEM)));
        responses.put("default", Map.of("$ref", PROBLEM));
        for (int status : summary.status()) {
            responses.put(Integer.toString(status), status == NOT_MODIFIED ? done() : answer(summary, handler));
        }
        operation.put("responses", responses);
        return operation;
    }

    private static Map<String, Object> done() {
        return Map.of("description", "Done");
    }

    private void describe(Parameter parameter, List<Object> parameters) {
        RequestParam query = parameter.getAnnotation(RequestParam.class);
        RequestHeader header = parameter.getAnnotation(RequestHeader.class);
        if (parameter.isAnnotationPresent(PathVariable.class)) {
            parameters.add(parameter("path", parameter.getName(), true, parameter.getType()));
        } else if (query != null) {
            String name = query.name().isEmpty() ? parameter.getName() : query.name();
            boolean required = query.required() && query.defaultValue().length() > 10; // that of "no default"
            parameters.add(parameter("query", name, required, parameter.getType()));
        } else if (header != null && !header.name().isEmpty()) {
            parameters.add(parameter("header", header.name(), false, parameter.getType()));
        } else if (header != null) {
            parameters.add(parameter("header", "If-Match", false, String.class));
            parameters.add(parameter("header", "If-None-Match", false, String.class));
        } else if (parameter.isAnnotationPresent(ModelAttribute.class)) {
            for (Parameter one :
                    parameter.getType().getDeclaredConstructors()[0].getParameters()) {
                BindParam other = one.getAnnotation(BindParam.class);
                parameters.add(parameter("query", other == null ? one.getName() : other.value(), false, one.getType()));
            }
        }
    }

    private Map<String, Object> parameter(String in, String name, boolean required, Class<?> type) {
        return Map.of("name", name, "in", in, "required", required, "schema", schemas.of(type));
    }

    private Map<String, Object> body(Class<?> type) {
        if (type == byte[].class) {
            return Map.of(
                    "content",
                    Map.of(
                            MediaType.APPLICATION_OCTET_STREAM_VALUE,
                            Map.of(),
                            MediaType.TEXT_PLAIN_VALUE,
                            Map.of("schema", schemas.of(String.class)),
                            JSON,
                            Map.of("schema", schemas.of(NewValue.Body.class))));
        }
        return Map.of("required", true, "content", Map.of(JSON, Map.of("schema", schemas.of(type))));
    }

    private Map<String, Object> answer(Summary summary, HandlerMethod handler) {
        Type type = handler.getMethod().getGenericReturnType();
        if (type == void.class && summary.forms().length > 0) {
            return Map.of("description", "A file", "content", Map.of(summary.forms()[0], Map.of()));
        }
        if (type == void.class) {
            return Map.of(
                    "description",
                    "Events",
                    "content",
                    Map.of(MediaType.TEXT_EVENT_STREAM_VALUE, Map.of("schema", schemas.of(String.class))));
        }
        if (type instanceof ParameterizedType entity) {
            type = entity.getActualTypeArguments()[0];
        }
        if (type == Void.class) {
            return done();
        }
        List<Map<String, Object>> several = new ArrayList<>();
        for (Class<?> one : summary.answers()) {
            several.add(schemas.of(one));
        }
        Map<String, Object> schema = several.isEmpty() ? schemas.of(type) : Map.of("anyOf", several);
        Map<String, Object> content = new LinkedHashMap<>();
        content.put(JSON, Map.of("schema", schema));
        for (String form : summary.forms()) {
            content.put(form, form.startsWith("text/") ? Map.of("schema", schemas.of(String.class)) : Map.of());
        }
        return Map.of("description", "Done", "content", content);
    }
}
