package io.quorate.conformance;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.quorate.proto.TxnRequest;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks for ranges without keys, whose end does not lie above their start. */
final class EmptyRanges {

    private EmptyRanges() {}

    /** Whether a step asks for one, in whatever request. */
    static boolean has(Step step) {
        Message request = request(step);
        return request != null && has(request);
    }

    /** Whether a step is a transaction that asks for one. */
    static boolean isTxnWithOne(Step step) {
        return request(step) instanceof TxnRequest txn && has(txn);
    }

    private static @Nullable Message request(Step step) {
        return switch (step.what()) {
            case Step.Call call -> call.request();
            case Step.Http http -> Legible.request(http);
            case Step.HttpWatch watch -> watch.request();
            case Step.WatchCreate create -> create.request();
            default -> null;
        };
    }

    private static boolean has(Message message) {
        FieldDescriptor key = message.getDescriptorForType().findFieldByName("key");
        FieldDescriptor end = message.getDescriptorForType().findFieldByName("range_end");
        if (key != null
                && end != null
                && isEmpty((ByteString) message.getField(key), (ByteString) message.getField(end))) {
            return true;
        }
        return message.getAllFields().values().stream()
                .flatMap(value -> value instanceof List<?> values ? values.stream() : Stream.of(value))
                .anyMatch(value -> value instanceof Message inner && has(inner));
    }

    private static boolean isEmpty(ByteString key, ByteString end) {
        boolean isOpen = end.size() == 1 && end.byteAt(0) == 0;
        return !end.isEmpty()
                && !isOpen
                && ByteString.unsignedLexicographicalComparator().compare(key, end) >= 0;
    }
}
