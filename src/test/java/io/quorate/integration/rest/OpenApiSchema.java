package io.quorate.integration.rest;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Holds JSON to the schemas of an OpenAPI document, as far as the documents of this project have them. */
final class OpenApiSchema {

    private final JsonNode document;

    OpenApiSchema(JsonNode document) {
        this.document = document;
    }

    /** A part of the document, itself or by reference. */
    JsonNode resolved(JsonNode part) {
        return part.has("$ref") ? document.at(part.path("$ref").asString().substring(1)) : part;
    }

    /** What is wrong with a value, by its place; empty if nothing is. */
    List<String> mistakes(JsonNode schema, JsonNode value, String at) {
        JsonNode meant = resolved(schema);
        if (meant.has("anyOf")) {
            List<String> all = new ArrayList<>();
            for (JsonNode one : meant.path("anyOf")) {
                List<String> mistakes = mistakes(one, value, at);
                if (mistakes.isEmpty()) {
                    return mistakes;
                }
                all.addAll(mistakes);
            }
            return all;
        }
        return switch (meant.path("type").asString("")) {
            case "object" -> ofObject(meant, value, at);
            case "array" -> ofArray(meant, value, at);
            case "string" -> unless(value.isString(), at + " is no string");
            case "integer" -> unless(value.isIntegralNumber(), at + " is no integer");
            case "boolean" -> unless(value.isBoolean(), at + " is no boolean");
            case "" -> List.of();
            default -> List.of(at + " has an unknown type");
        };
    }

    private static List<String> unless(boolean right, String mistake) {
        return right ? List.of() : List.of(mistake);
    }

    private List<String> ofArray(JsonNode schema, JsonNode value, String at) {
        List<String> mistakes = new ArrayList<>(unless(value.isArray(), at + " is no array"));
        for (JsonNode each : value) {
            mistakes.addAll(mistakes(schema.path("items"), each, at + "[]"));
        }
        return mistakes;
    }

    private List<String> ofObject(JsonNode schema, JsonNode value, String at) {
        List<String> mistakes = new ArrayList<>(unless(value.isObject(), at + " is no object"));
        for (JsonNode required : schema.path("required")) {
            mistakes.addAll(unless(value.has(required.asString()), at + "." + required.asString() + " is missing"));
        }
        for (var each : value.properties()) {
            JsonNode known = schema.path("properties").path(each.getKey());
            if (!known.isMissingNode()) {
                mistakes.addAll(mistakes(known, each.getValue(), at + "." + each.getKey()));
            } else if (!schema.path("additionalProperties").asBoolean(false)) {
                mistakes.add(at + "." + each.getKey() + " is not described");
            }
        }
        return mistakes;
    }
}
