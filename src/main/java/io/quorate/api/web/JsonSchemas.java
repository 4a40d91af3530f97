package io.quorate.api.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Schemas of what controllers take and give: records, by their components. */
final class JsonSchemas {

    private static final String REFERENCE = "#/components/schemas/";

    private final Map<String, Object> named = new TreeMap<>();

    /** All records met so far, by their names. */
    Map<String, Object> named() {
        return named;
    }

    /** The schema of a type. */
    Map<String, Object> of(Type type) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return Map.of("type", "array", "items", of(list.getActualTypeArguments()[0]));
        }
        if (!(type instanceof Class<?> kind) || kind == JsonNode.class || kind == Object.class) {
            return Map.of();
        }
        if (kind == String.class) {
            return Map.of("type", "string");
        }
        if (kind == boolean.class || kind == Boolean.class) {
            return Map.of("type", "boolean");
        }
        if (kind.isRecord()) {
            return record(kind);
        }
        return kind.isPrimitive() || Number.class.isAssignableFrom(kind)
                ? Map.of("type", "integer", "format", "int64")
                : Map.of();
    }

    private Map<String, Object> record(Class<?> kind) {
        String name = kind.getEnclosingClass() == null
                ? kind.getSimpleName()
                : kind.getEnclosingClass().getSimpleName() + "." + kind.getSimpleName();
        if (!named.containsKey(name)) {
            named.put(name, Map.of()); // for those that contain themselves
            named.put(name, object(kind));
        }
        return Map.of("$ref", REFERENCE + name);
    }

    private Map<String, Object> object(Class<?> kind) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (RecordComponent component : kind.getRecordComponents()) {
            String name = name(component);
            properties.put(name, of(component.getGenericType()));
            boolean optional = component.getType().isPrimitive()
                    || component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            if (!optional) {
                required.add(name);
            }
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return schema;
    }

    private static String name(RecordComponent component) {
        JsonProperty other = component.getAccessor().getAnnotation(JsonProperty.class);
        return other == null
                ? component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT)
                : other.value();
    }
}
