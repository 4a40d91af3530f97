package io.quorate.apply;

import static io.quorate.apply.ApplyFixture.bytes;
import static io.quorate.apply.ApplyFixture.compare;
import static io.quorate.apply.ApplyFixture.op;
import static io.quorate.apply.ApplyFixture.putOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseRevokeRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RequestTextTests {

    private static final ByteString FROM_HERE_ON = ByteString.copyFrom(new byte[1]);

    private static RangeRequest.Builder range(String key) {
        return RangeRequest.newBuilder().setKey(bytes(key));
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of(putOf("a", "secret").build(), "key \"a\", value of 6 bytes"),
                Arguments.of(putOf("a", "").setLease(0x1f).build(), "key \"a\", value of 0 bytes, lease 1f"),
                Arguments.of(range("a").build(), "key \"a\""),
                Arguments.of(range("a").setRangeEnd(FROM_HERE_ON).setLimit(5).build(), "keys from \"a\" on, limit 5"),
                Arguments.of(
                        range("a")
                                .setRangeEnd(bytes("b"))
                                .setRevision(7)
                                .setCountOnly(true)
                                .build(),
                        "keys from \"a\" to \"b\", revision 7, count only"),
                Arguments.of(
                        range("a").setKeysOnly(true).setSerializable(true).build(),
                        "key \"a\", keys only, serializable"),
                Arguments.of(
                        DeleteRangeRequest.newBuilder().setKey(bytes("d\n")).build(), "key \"d\\x0a\""),
                Arguments.of(CompactionRequest.newBuilder().setRevision(9).build(), "revision 9"),
                Arguments.of(LeaseGrantRequest.newBuilder().setID(10).setTTL(60).build(), "lease a, TTL 60 s"),
                Arguments.of(LeaseGrantRequest.newBuilder().setTTL(60).build(), "TTL 60 s"),
                Arguments.of(LeaseRevokeRequest.newBuilder().setID(10).build(), "lease a"),
                Arguments.of(AlarmRequest.getDefaultInstance(), ""));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void ofTellsKeysAndSizesAndNoValue(MessageLite request, String text) {
        assertThat(RequestText.of(request)).isEqualTo(text);
    }

    static Stream<Arguments> transactions() {
        TxnRequest.Builder put = TxnRequest.newBuilder().addSuccess(op(putOf("p", "v")));
        RequestOp get = RequestOp.newBuilder().setRequestRange(range("g")).build();
        RequestOp delete = RequestOp.newBuilder()
                .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(bytes("d")))
                .build();
        return Stream.of(
                Arguments.of(TxnRequest.newBuilder(), "0 comparisons, 0 operations"),
                Arguments.of(put.clone(), "0 comparisons, 1 operations, first key \"p\""),
                Arguments.of(put.clone().addCompare(compare("c")), "1 comparisons, 1 operations, first key \"c\""),
                Arguments.of(TxnRequest.newBuilder().addFailure(get), "0 comparisons, 1 operations, first key \"g\""),
                Arguments.of(
                        TxnRequest.newBuilder().addFailure(delete), "0 comparisons, 1 operations, first key \"d\""),
                Arguments.of(
                        TxnRequest.newBuilder()
                                .addSuccess(RequestOp.newBuilder().setRequestTxn(put)),
                        "0 comparisons, 1 operations"));
    }

    @ParameterizedTest
    @MethodSource("transactions")
    void ofATransactionTellsItsFirstKey(TxnRequest.Builder txn, String text) {
        assertThat(RequestText.of(txn.build())).isEqualTo(text);
    }

    @Test
    void ofALoggedRequestIsThatOfWhatIsInIt() {
        assertThat(RequestText.of(
                        InternalRaftRequest.newBuilder().setPut(putOf("a", "v")).build()))
                .isEqualTo("key \"a\", value of 1 bytes");
        assertThat(RequestText.of(InternalRaftRequest.newBuilder()
                        .setCompaction(CompactionRequest.newBuilder().setRevision(3))
                        .build()))
                .isEqualTo("revision 3");
        assertThat(RequestText.of(InternalRaftRequest.getDefaultInstance())).isEmpty();
    }
}
