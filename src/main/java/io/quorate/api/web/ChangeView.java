package io.quorate.api.web;

import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * A change of a key.
 *
 * @param type put or delete; a deletion has no value, version and lease
 * @param revision of the change
 * @param previous what the key was before, if that was asked for and is known
 */
record ChangeView(
        String type,
        long revision,
        String key,
        String keyEncoding,
        @Nullable String value,
        @Nullable String encoding,
        @Nullable Long createRevision,
        @Nullable Long version,
        @Nullable String lease,
        @Nullable KeyView previous) {

    static ChangeView of(Event event) {
        KeyValue record = event.getKv();
        ByteText key = ByteText.of(record.getKey());
        KeyView previous = event.hasPrevKv() ? KeyView.of(event.getPrevKv()) : null;
        if (event.getType() == Event.EventType.DELETE) {
            return new ChangeView(
                    "delete",
                    record.getModRevision(),
                    key.text(),
                    key.encoding(),
                    null,
                    null,
                    null,
                    null,
                    null,
                    previous);
        }
        ByteText value = ByteText.of(record.getValue());
        return new ChangeView(
                "put",
                record.getModRevision(),
                key.text(),
                key.encoding(),
                value.text(),
                value.encoding(),
                record.getCreateRevision(),
                record.getVersion(),
                Parameters.hex(record.getLease()),
                previous);
    }
}
