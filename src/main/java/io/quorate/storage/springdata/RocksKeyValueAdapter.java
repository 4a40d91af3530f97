package io.quorate.storage.springdata;

import io.quorate.storage.ApplyScope;
import io.quorate.storage.Cursor;
import io.quorate.storage.Database;
import io.quorate.storage.Reader;
import io.quorate.storage.WriteSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.data.keyvalue.core.AbstractKeyValueAdapter;
import org.springframework.data.keyvalue.core.ForwardingCloseableIterator;
import org.springframework.data.keyvalue.core.PredicateQueryEngine;
import org.springframework.data.util.CloseableIterator;

/**
 * Stores entities of Spring Data in the metadata families of a database. Reads work on any thread; what changes something
 * works while an entry is applied, and throws an {@link IllegalStateException} otherwise, whether or not there is anything
 * to change.
 *
 * <p>Listing copies: a kind of metadata has thousands of entities at most, and no cursor can stay open by mistake.
 */
public final class RocksKeyValueAdapter extends AbstractKeyValueAdapter {

    private final Database database;
    private final ApplyScope scope;
    private final Map<String, StoredEntity<?, ?>> entities = new TreeMap<>();

    public RocksKeyValueAdapter(Database database, ApplyScope scope, Collection<? extends EntityCodec<?, ?>> codecs) {
        // Queries by predicate: the default engine would load the expression language at every start, for nothing.
        super(new PredicateQueryEngine());
        this.database = database;
        this.scope = scope;
        codecs.forEach(this::register);
    }

    private void register(EntityCodec<?, ?> codec) {
        StoredEntity<?, ?> other = entities.put(codec.keySpace(), new StoredEntity<>(codec));
        if (other != null) {
            throw new IllegalArgumentException("Two codecs for key space '" + codec.keySpace() + "'");
        }
        if (!codec.family().isMetadata()) {
            throw new IllegalArgumentException(
                    "Entities are stored in metadata families, not in " + codec.family() + ": " + codec.type());
        }
    }

    /** Does not look for what was there before: always null. */
    @Override
    public @Nullable Object put(Object id, Object item, String keyspace) {
        entity(keyspace).put(scope.current(), id, item);
        return null;
    }

    @Override
    public boolean contains(Object id, String keyspace) {
        StoredEntity<?, ?> entity = entity(keyspace);
        return reader().get(entity.family(), entity.key(id)) != null;
    }

    @Override
    public @Nullable Object get(Object id, String keyspace) {
        return entity(keyspace).get(reader(), id);
    }

    @Override
    public @Nullable Object delete(Object id, String keyspace) {
        StoredEntity<?, ?> entity = entity(keyspace);
        WriteSet set = scope.current();
        Object deleted = entity.get(set.over(database), id);
        if (deleted != null) {
            set.delete(entity.family(), entity.key(id));
        }
        return deleted;
    }

    @Override
    public List<Object> getAllOf(String keyspace) {
        List<Object> all = new ArrayList<>();
        for (Map.Entry<Object, Object> entry : entity(keyspace).list(reader())) {
            all.add(entry.getValue());
        }
        return all;
    }

    @Override
    public CloseableIterator<Map.Entry<Object, Object>> entries(String keyspace) {
        return new ForwardingCloseableIterator<>(entity(keyspace).list(reader()).iterator());
    }

    @Override
    public long count(String keyspace) {
        long count = 0;
        try (Cursor cursor = reader().cursor(entity(keyspace).family(), null, null)) {
            for (; cursor.isValid(); cursor.next()) {
                count++;
            }
        }
        return count;
    }

    @Override
    public void deleteAllOf(String keyspace) {
        WriteSet set = scope.current();
        StoredEntity<?, ?> entity = entity(keyspace);
        List<byte[]> keys = new ArrayList<>();
        try (Cursor cursor = set.over(database).cursor(entity.family(), null, null)) {
            for (; cursor.isValid(); cursor.next()) {
                keys.add(cursor.key());
            }
        }
        keys.forEach(key -> set.delete(entity.family(), key));
    }

    /** Refused: nothing in a member removes all its metadata, but Spring Data's own template would on shutdown. */
    @Override
    public void clear() {
        throw new UnsupportedOperationException("The metadata of a member is never removed as a whole");
    }

    /** Does nothing: the database is closed by its owner. */
    @Override
    public void destroy() {}

    private Reader reader() {
        return scope.isActive() ? scope.current().over(database) : database;
    }

    private StoredEntity<?, ?> entity(String keyspace) {
        StoredEntity<?, ?> entity = entities.get(keyspace);
        if (entity == null) {
            throw new IllegalArgumentException(
                    "No codec for key space '" + keyspace + "'; there are codecs for " + entities.keySet());
        }
        return entity;
    }
}
