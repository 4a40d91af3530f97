package io.quorate.integration.rest;

import static io.quorate.fixture.Expected.present;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.integration.rest.RestClient.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Runs the examples of an OpenAPI document, and holds the answers to it. */
final class OpenApiExamples {

    private final JsonNode document;
    private final OpenApiSchema schemas;
    private final RestClient client;
    private final Map<String, Operation> operations = new HashMap<>();
    private final Map<String, String> known = new HashMap<>();
    private final Set<String> executed = new TreeSet<>();

    private record Operation(String path, String method, JsonNode described) {}

    OpenApiExamples(JsonNode document, RestClient client) {
        this.document = document;
        this.schemas = new OpenApiSchema(document);
        this.client = client;
        for (var path : document.path("paths").properties()) {
            for (var method : path.getValue().properties()) {
                operations.put(
                        method.getValue().path("operationId").asString(),
                        new Operation(
                                path.getKey(), method.getKey().toUpperCase(java.util.Locale.ROOT), method.getValue()));
            }
        }
    }

    /** What an example has in place of what differs from cluster to cluster. */
    OpenApiExamples replace(String inExample, String here) {
        known.put(inExample, here);
        return this;
    }

    /** The ids of all operations. */
    Set<String> operations() {
        return new TreeSet<>(operations.keySet());
    }

    /** The ids of those that were executed. */
    Set<String> executed() {
        return executed;
    }

    /** Runs all in the order of the document. */
    void run() {
        for (JsonNode step : document.path("x-examples")) {
            String id = step.path("operation").asString();
            executed.add(id);
            assertThat(operations).containsKey(id);
            execute(
                    present(operations.get(id)),
                    step,
                    id + " " + step.path("name").asString());
        }
    }

    private void execute(Operation operation, JsonNode step, String shown) {
        String name = step.path("name").asString();
        String path = path(operation, name);
        List<String> fields = new ArrayList<>();
        parameters(operation, name, "header").forEach((field, value) -> fields.addAll(List.of(field, value)));
        String accept = step.path("accept").asString("");
        JsonNode described = operation.described().path("responses");
        if (accept.equals("text/event-stream")
                || described.at("/200/content/application~1json").isMissingNode()
                        && described.at("/200/content").has("text/event-stream")) {
            try (EventReader events = client.events(path, fields.toArray(String[]::new))) {
                assertThat(events.change().data().isObject()).as(shown).isTrue();
            }
            return;
        }
        if (!accept.isEmpty()) {
            fields.addAll(List.of("Accept", accept));
        }
        byte[] body = {};
        for (var form :
                operation.described().path("requestBody").path("content").properties()) {
            JsonNode value = form.getValue().path("examples").path(name).path("value");
            if (!value.isMissingNode()) {
                body = here(form.getKey().equals("application/json") ? value.toString() : value.asString())
                        .getBytes(StandardCharsets.UTF_8);
                fields.addAll(List.of("Content-Type", form.getKey()));
            }
        }
        Reply reply = client.send(operation.method(), path, body, fields.toArray(String[]::new));
        int wanted = step.path("status").asInt(0);
        assertThat(reply.status()).as("%s: %s", shown, reply).matches(got -> wanted == 0 ? got < 300 : got == wanted);
        check(described.path(Integer.toString(reply.status())), reply, shown);
        learn(operation, reply);
    }

    private void check(JsonNode described, Reply reply, String shown) {
        JsonNode answer = schemas.resolved(described);
        assertThat(answer.isMissingNode())
                .as("%s: %s is not described", shown, reply.status())
                .isFalse();
        String type = reply.header("content-type").replaceAll(";.*", "");
        if (!answer.has("content")) {
            assertThat(reply.body()).as(shown).isEmpty();
            return;
        }
        assertThat(answer.path("content").has(type)).as("%s: %s", shown, type).isTrue();
        if (type.endsWith("json")) {
            JsonNode schema = answer.path("content").path(type).path("schema");
            assertThat(schemas.mistakes(schema, reply.json(), shown))
                    .as(reply.text())
                    .isEmpty();
        }
    }

    /** What later examples need of an answer. */
    private void learn(Operation operation, Reply reply) {
        switch (operation.described().path("operationId").asString()) {
            case "Elections.campaign" ->
                replace("42", reply.json().path("create_revision").asString());
            case "Members.add" ->
                replace("91bc3c398fb3c146", reply.json().path("id").asString());
            default -> {}
        }
    }

    private String path(Operation operation, String name) {
        String path = operation.path();
        for (var each : parameters(operation, name, "path").entrySet()) {
            path = path.replace("{" + each.getKey() + "}", each.getValue());
        }
        StringBuilder query = new StringBuilder();
        parameters(operation, name, "query")
                .forEach((key, value) -> query.append(query.isEmpty() ? '?' : '&')
                        .append(key)
                        .append('=')
                        .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        assertThat(path).doesNotContain("{");
        return path + query;
    }

    private Map<String, String> parameters(Operation operation, String name, String in) {
        Map<String, String> values = new java.util.LinkedHashMap<>();
        for (JsonNode each : operation.described().path("parameters")) {
            JsonNode value = each.path("examples").path(name).path("value");
            if (each.path("in").asString().equals(in) && !value.isMissingNode()) {
                values.put(each.path("name").asString(), here(value.asString()));
            }
        }
        return values;
    }

    private String here(String text) {
        String here = text;
        for (var each : known.entrySet()) {
            here = here.replaceAll("\\b" + each.getKey() + "\\b", each.getValue());
        }
        return here;
    }
}
