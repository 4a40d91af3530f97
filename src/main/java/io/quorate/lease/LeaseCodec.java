package io.quorate.lease;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.base.Fault;
import io.quorate.proto.leasepb.Lease;
import io.quorate.storage.Family;
import io.quorate.storage.springdata.EntityCodec;
import java.nio.ByteBuffer;

/** Leases on disk: eight bytes of id to the protobuf form that etcd stores. */
public final class LeaseCodec implements EntityCodec<LeaseRecord, Long> {

    @Override
    public Class<LeaseRecord> type() {
        return LeaseRecord.class;
    }

    @Override
    public Class<Long> idType() {
        return Long.class;
    }

    @Override
    public Family family() {
        return Family.LEASE;
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
    public byte[] encode(LeaseRecord lease) {
        return Lease.newBuilder()
                .setID(lease.id())
                .setTTL(lease.ttl())
                .setRemainingTTL(lease.remainingTtl())
                .build()
                .toByteArray();
    }

    @Override
    public LeaseRecord decode(Long id, byte[] value) {
        try {
            Lease stored = Lease.parseFrom(value);
            return new LeaseRecord(id, stored.getTTL(), stored.getRemainingTTL());
        } catch (InvalidProtocolBufferException e) {
            throw new Fault("the stored lease " + Long.toHexString(id) + " cannot be read", e);
        }
    }
}
