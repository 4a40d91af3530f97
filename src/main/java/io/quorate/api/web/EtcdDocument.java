package io.quorate.api.web;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.quorate.api.rest.GatewayPaths;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The JSON gateway as OpenAPI 3.1, made of the descriptors that it serves. */
final class EtcdDocument {

    private static final Map<String, Object> REFUSAL = Map.of("$ref", "#/components/schemas/Refusal");

    private final Map<String, Object> schemas = new TreeMap<>();
    private final Map<String, Object> paths = new TreeMap<>();

    private EtcdDocument() {}

    static Map<String, Object> of(List<ProtoMethodDescriptorSupplier> methods) {
        EtcdDocument document = new EtcdDocument();
        document.schemas.put("Refusal", refusal());
        methods.forEach(document::add);
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("openapi", "3.1.0");
        whole.put("info", Map.of("title", "Gateway of etcd", "version", "v3"));
        whole.put("security", List.of(Map.of(), Map.of("token", List.of())));
        whole.put("paths", document.paths);
        whole.put(
                "components",
                Map.of(
                        "schemas",
                        document.schemas,
                        "securitySchemes",
                        Map.of("token", Map.of("type", "apiKey", "in", "header", "name", "Authorization"))));
        return whole;
    }

    private static Map<String, Object> refusal() {
        return Map.of(
                "type",
                "object",
                "properties",
                Map.of(
                        "code", Map.of("type", "integer"),
                        "message", Map.of("type", "string"),
                        "details", Map.of("type", "array", "items", Map.of())));
    }

    private void add(ProtoMethodDescriptorSupplier method) {
        var described = method.getMethodDescriptor();
        Map<String, Object> answer = message(described.getOutputType());
        Map<String, Object> sent = described.isServerStreaming()
                ? Map.of("type", "object", "properties", Map.of("result", answer))
                : answer;
        for (String path : GatewayPaths.of(method)) {
            paths.put(
                    path,
                    Map.of(
                            "post",
                            Map.of(
                                    "operationId",
                                    described.getService().getName() + "_" + described.getName()
                                            + path.replace('/', '_'),
                                    "requestBody",
                                    Map.of("required", true, "content", content(message(described.getInputType()))),
                                    "responses",
                                    Map.of(
                                            "200",
                                            Map.of("description", "Done", "content", content(sent)),
                                            "default",
                                            Map.of("description", "A refusal", "content", content(REFUSAL))))));
        }
    }

    private static Map<String, Object> content(Map<String, Object> schema) {
        return Map.of("application/json", Map.of("schema", schema));
    }

    private Map<String, Object> message(Descriptor type) {
        String name = type.getFullName();
        if (!schemas.containsKey(name)) {
            schemas.put(name, Map.of()); // for those that contain themselves
            Map<String, Object> properties = new LinkedHashMap<>();
            type.getFields().forEach(field -> properties.put(field.getName(), field(field)));
            schemas.put(name, Map.of("type", "object", "properties", properties));
        }
        return Map.of("$ref", "#/components/schemas/" + name);
    }

    private Map<String, Object> field(FieldDescriptor field) {
        Map<String, Object> one = switch (field.getJavaType()) {
            case MESSAGE -> message(field.getMessageType());
            case LONG -> Map.of("type", "string", "format", "int64");
            case INT -> Map.of("type", "integer", "format", "int64");
            case BOOLEAN -> Map.of("type", "boolean");
            case BYTE_STRING -> Map.of("type", "string", "contentEncoding", "base64");
            case STRING -> Map.of("type", "string");
            case FLOAT, DOUBLE -> Map.of("type", "number");
            case ENUM ->
                Map.of(
                        "type",
                        "string",
                        "enum",
                        field.getEnumType().getValues().stream()
                                .map(EnumValueDescriptor::getName)
                                .toList());
        };
        return field.isRepeated() ? Map.of("type", "array", "items", one) : one;
    }
}
