package io.quorate.api.web;

import com.google.protobuf.ByteString;
import io.quorate.proto.mvccpb.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * A key as it is shown.
 *
 * @param key in {@code keyEncoding}
 * @param value in {@code encoding}; null if only keys were asked for
 * @param lease in hexadecimal, null if there is none
 */
record KeyView(
        String key,
        String keyEncoding,
        @Nullable String value,
        @Nullable String encoding,
        long createRevision,
        long modRevision,
        long version,
        @Nullable String lease) {

    static KeyView of(KeyValue record) {
        return of(record, false);
    }

    static KeyView of(KeyValue record, boolean keyOnly) {
        ByteText key = ByteText.of(record.getKey());
        ByteText value = keyOnly ? null : ByteText.of(record.getValue());
        return new KeyView(
                key.text(),
                key.encoding(),
                value == null ? null : value.text(),
                value == null ? null : value.encoding(),
                record.getCreateRevision(),
                record.getModRevision(),
                record.getVersion(),
                Parameters.hex(record.getLease()));
    }

    /** A key alone. */
    record Name(String key, String keyEncoding) {

        static Name of(ByteString key) {
            ByteText text = ByteText.of(key);
            return new Name(text.text(), text.encoding());
        }
    }
}
