package io.quorate.storage.springdata;

import io.quorate.storage.Cursor;
import io.quorate.storage.Family;
import io.quorate.storage.Reader;
import io.quorate.storage.WriteSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Moves one kind of entity to and from the database; checks the classes that Spring Data hands over untyped. */
record StoredEntity<T, I>(EntityCodec<T, I> codec) {

    Family family() {
        return codec.family();
    }

    byte[] key(Object id) {
        return codec.encodeId(codec.idType().cast(id));
    }

    void put(WriteSet set, Object id, Object item) {
        set.put(codec.family(), key(id), codec.encode(codec.type().cast(item)));
    }

    @Nullable
    Object get(Reader reader, Object id) {
        I typedId = codec.idType().cast(id);
        byte[] value = reader.get(codec.family(), codec.encodeId(typedId));
        return value == null ? null : codec.decode(typedId, value);
    }

    /** All of them by id, in the order of their keys. */
    List<Map.Entry<Object, Object>> list(Reader reader) {
        List<Map.Entry<Object, Object>> found = new ArrayList<>();
        try (Cursor cursor = reader.cursor(codec.family(), null, null)) {
            for (; cursor.isValid(); cursor.next()) {
                I id = codec.decodeId(cursor.key());
                found.add(Map.entry(id, codec.decode(id, cursor.value())));
            }
        }
        return found;
    }
}
