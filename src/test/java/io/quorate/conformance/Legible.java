package io.quorate.conformance;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.TxnRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a body says that was damaged on purpose, as far as it can still be read. */
final class Legible {

    private static final Set<String> BYTES = Set.of("key", "range_end", "rangeEnd", "value", "name", "leader");

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // what follows the first value is not read
            .build();

    private Legible() {}

    /** The request of a step: the one it was made from, or else what its body says; null if that is none to look at. */
    static @Nullable Message request(Step.Http http) {
        if (http.request() != null) {
            return http.request();
        }
        Message.Builder builder = switch (http.path().replace("/v3beta/", "/v3/")) {
            case "/v3/kv/range" -> RangeRequest.newBuilder();
            case "/v3/kv/txn" -> TxnRequest.newBuilder();
            default -> null;
        };
        if (builder == null) {
            return null;
        }
        try {
            JsonFormat.parser().ignoringUnknownFields().merge(http.body(), builder);
            return builder.build();
        } catch (InvalidProtocolBufferException unreadable) {
            return null;
        }
    }

    /** Whether a field of bytes has a list instead of a text. */
    static boolean givesListForBytes(String body) {
        try {
            return givesListForBytes(MAPPER.readTree(body));
        } catch (JacksonException unreadable) {
            return false;
        }
    }

    private static boolean givesListForBytes(JsonNode tree) {
        return tree.propertyStream()
                        .anyMatch(field -> BYTES.contains(field.getKey())
                                && field.getValue().isArray())
                || tree.valueStream().anyMatch(Legible::givesListForBytes);
    }
}
