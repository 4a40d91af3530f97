package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.quorate.proto.Member;
import io.quorate.proto.MemberListResponse;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.ResponseHeader;
import io.quorate.proto.ResponseOp;
import io.quorate.proto.TxnResponse;
import io.quorate.proto.mvccpb.KeyValue;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pieces together are a message's encoding, whatever their size. */
class MessagePiecesTests {

    private static byte[] inPieces(Message message, int pieceBytes) {
        MessagePieces pieces = new MessagePieces(new byte[0], message);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (pieces.left() > 0) {
            ByteBuf piece = UnpooledByteBufAllocator.DEFAULT.directBuffer(pieceBytes, pieceBytes);
            pieces.fill(piece);
            assertThat(piece.readableBytes()).isGreaterThan(0).isLessThanOrEqualTo(pieceBytes);
            all.writeBytes(ByteBufUtil.getBytes(piece));
            piece.release();
        }
        return all.toByteArray();
    }

    private static ByteString bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }

    private static RangeResponse range(Random random) {
        RangeResponse.Builder range = RangeResponse.newBuilder()
                .setHeader(ResponseHeader.newBuilder()
                        .setRevision(random.nextLong())
                        .setRaftTerm(3))
                .setCount(random.nextInt(3))
                .setMore(random.nextBoolean());
        for (int i = random.nextInt(40); i > 0; i--) {
            int length = random.nextInt(4) == 0 ? random.nextInt(50_000) : random.nextInt(300);
            range.addKvs(KeyValue.newBuilder()
                    .setKey(bytes(random, random.nextInt(20)))
                    .setValue(bytes(random, length))
                    .setLease(random.nextInt(2)));
        }
        return range.build();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 4096, 65_536})
    void piecesWhenPutTogetherAreTheEncoding(int pieceBytes) {
        long seed = 16;
        Random random = new Random(seed);
        for (int i = 0; i < (pieceBytes < 10 ? 3 : 50); i++) {
            RangeResponse range = range(random);
            assertThat(inPieces(range, pieceBytes)).as("seed %d", seed).isEqualTo(range.toByteArray());
            TxnResponse txn = TxnResponse.newBuilder()
                    .setSucceeded(true)
                    .addResponses(ResponseOp.newBuilder().setResponseRange(range))
                    .addResponses(ResponseOp.newBuilder().setResponseRange(range(random)))
                    .build();
            assertThat(inPieces(txn, pieceBytes)).as("seed %d", seed).isEqualTo(txn.toByteArray());
        }
    }

    @Test
    void piecesWhenTextRepeatsOrFieldsAreUnknownAreTheEncoding() {
        Member member = Member.newBuilder()
                .setName("m".repeat(9000))
                .addPeerURLs("http://a:1")
                .addPeerURLs("http://b:" + "1".repeat(5000))
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                99,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFromUtf8("x".repeat(9000)))
                                        .build())
                        .build())
                .build();
        MemberListResponse list = MemberListResponse.newBuilder()
                .addMembers(member)
                .addMembers(member)
                .build();
        assertThat(inPieces(list, 1000)).isEqualTo(list.toByteArray());
    }

    /** As ranges have their records. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 4096, 65_536})
    void piecesWhenRecordsAreNotParsedAreTheEncoding(int pieceBytes) throws InvalidProtocolBufferException {
        Random random = new Random(pieceBytes);
        for (int i = 0; i < (pieceBytes < 10 ? 3 : 50); i++) {
            byte[] encoded = range(random).toByteArray();
            RangeResponse range = RangeResponse.newBuilder()
                    .setUnknownFields(UnknownFieldSet.parseFrom(encoded))
                    .build();
            assertThat(inPieces(range, pieceBytes)).isEqualTo(encoded);
        }
    }

    @Test
    void piecesWhenMessageIsEmptyAreNone() {
        assertThat(inPieces(RangeResponse.getDefaultInstance(), 10)).isEmpty();
    }
}
