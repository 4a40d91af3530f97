package io.quorate.storage.springdata;

import io.quorate.storage.Family;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.data.annotation.Id;
import org.springframework.data.keyvalue.annotation.KeySpace;
import org.springframework.data.repository.ListCrudRepository;

/** An entity as the repositories of a member have it: a record with a number for an id. */
@KeySpace("member")
record Ship(@Id Long id, String name) {

    /** A repository with a query made from its name. */
    interface Ships extends ListCrudRepository<Ship, Long> {

        List<Ship> findByName(String name);
    }

    /** Its stored form: the name. */
    static final class Codec implements EntityCodec<Ship, Long> {

        @Override
        public Class<Ship> type() {
            return Ship.class;
        }

        @Override
        public Class<Long> idType() {
            return Long.class;
        }

        @Override
        public Family family() {
            return Family.MEMBER;
        }

        @Override
        public byte[] encodeId(Long id) {
            return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
        }

        @Override
        public Long decodeId(byte[] key) {
            return ByteBuffer.wrap(key).getLong();
        }

        @Override
        public byte[] encode(Ship entity) {
            return entity.name().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Ship decode(Long id, byte[] value) {
            return new Ship(id, new String(value, StandardCharsets.UTF_8));
        }
    }
}
