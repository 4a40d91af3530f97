package io.quorate.auth;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.base.Fault;
import io.quorate.storage.springdata.EntityCodec;
import java.nio.charset.StandardCharsets;

/** What the codecs of this package have in common: the key is the name in UTF-8. */
abstract class NamedCodec<T> implements EntityCodec<T, String> {

    @Override
    public final Class<String> idType() {
        return String.class;
    }

    @Override
    public final byte[] encodeId(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public final String decodeId(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }

    @Override
    public final T decode(String name, byte[] value) {
        try {
            return parse(name, value);
        } catch (InvalidProtocolBufferException e) {
            throw new Fault("the stored " + type().getSimpleName() + " " + name + " cannot be read", e);
        }
    }

    abstract T parse(String name, byte[] value) throws InvalidProtocolBufferException;
}
