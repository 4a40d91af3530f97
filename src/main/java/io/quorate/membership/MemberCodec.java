package io.quorate.membership;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.base.Fault;
import io.quorate.storage.Family;
import io.quorate.storage.springdata.EntityCodec;
import java.nio.ByteBuffer;

/** Members on disk: eight bytes of id to the wire form of a member. */
public final class MemberCodec implements EntityCodec<Member, Long> {

    @Override
    public Class<Member> type() {
        return Member.class;
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
    public byte[] encode(Member member) {
        return io.quorate.proto.Member.newBuilder()
                .setID(member.id())
                .setName(member.name())
                .addAllPeerURLs(member.peerUrls())
                .addAllClientURLs(member.clientUrls())
                .setIsLearner(member.isLearner())
                .build()
                .toByteArray();
    }

    @Override
    public Member decode(Long id, byte[] value) {
        try {
            io.quorate.proto.Member stored = io.quorate.proto.Member.parseFrom(value);
            return new Member(
                    id, stored.getName(), stored.getPeerURLsList(), stored.getClientURLsList(), stored.getIsLearner());
        } catch (InvalidProtocolBufferException e) {
            throw new Fault("the stored member " + Long.toHexString(id) + " cannot be read", e);
        }
    }
}
