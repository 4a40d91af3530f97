package io.quorate.storage.springdata;

import io.quorate.storage.Family;

/**
 * How one kind of entity is stored. Its bytes are part of the format on disk, and every member must produce the same ones,
 * so they are spelled out here instead of being derived from the class.
 *
 * <p>Offered as a bean for every entity that a repository stores. Called from many threads.
 *
 * @param <T> the entity
 * @param <I> its id
 */
public interface EntityCodec<T, I> {

    /** The class of the entity. */
    Class<T> type();

    /** The class of its id; never a primitive one. */
    Class<I> idType();

    /** Where it is stored: a metadata family, which holds nothing else. */
    Family family();

    /** The key for an id. Entities are listed in the unsigned order of these. */
    byte[] encodeId(I id);

    /** The id of a key that {@link #encodeId} made. */
    I decodeId(byte[] key);

    /** The stored form; it need not repeat the id. */
    byte[] encode(T entity);

    /** The entity of a stored form. Throws when the bytes make no sense. */
    T decode(I id, byte[] value);

    /** The key space of Spring Data, as the entity's {@code @KeySpace} names it. */
    default String keySpace() {
        return family().diskName();
    }
}
