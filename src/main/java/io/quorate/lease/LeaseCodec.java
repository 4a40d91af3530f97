package io.quorate.lease;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.base.Fault;
import io.quorate.proto.leasepb.Lease;
import io.quorate.storage.Family;
import io.quorate.storage.springdata.EntityCodec;
import java.nio.ByteBuffer;

/** Leases on disk: the id as eight bytes, big end first, and etcd's {@code leasepb.Lease}. */
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
        if (key.length != Long.BYTES) {
            throw new Fault("the key of a lease has " + key.length + " bytes instead of 8");
        }
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
        Lease stored;
        try {
            stored = Lease.parseFrom(value);
        } catch (InvalidProtocolBufferException unreadable) {
            throw new Fault("lease " + Long.toHexString(id) + " cannot be read", unreadable);
        }
        if (stored.getID() != id) {
            throw new Fault(
                    "lease " + Long.toHexString(stored.getID()) + " is stored under the id " + Long.toHexString(id));
        }
        return new LeaseRecord(id, stored.getTTL(), stored.getRemainingTTL());
    }
}
