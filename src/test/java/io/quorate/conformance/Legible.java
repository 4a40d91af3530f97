package io.quorate.conformance;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.TxnRequest;
import org.jspecify.annotations.Nullable;

/** What a body says that was damaged on purpose, as far as it can still be read. */
final class Legible {

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
}
