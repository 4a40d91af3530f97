package io.quorate.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.mvcc.RangeQuery;
import io.quorate.mvcc.RangeQuery.RangeResult;
import io.quorate.mvcc.RangeQuery.SortOrder;
import io.quorate.mvcc.RangeQuery.SortTarget;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.ResponseHeader;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes over the wire as the answer to a range is, byte for byte, the message that it stands for. */
class RangeQueriesTests {

    private static final ResponseHeader HEADER =
            ResponseHeader.newBuilder().setRevision(7).setRaftTerm(2).build();

    @TempDir
    private Path directory;

    private ApplyFixture fixture;

    @BeforeEach
    void write() {
        fixture = new ApplyFixture(directory);
        fixture.put("a", "3");
        fixture.put("b", "2");
        fixture.put("c", "1");
        fixture.put("a", "4");
        fixture.put("d", "");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void compare(RangeQuery query) throws InvalidProtocolBufferException {
        RangeResult result = fixture.store.range(query);
        RangeResponse parsed = RangeQueries.response(result, HEADER);
        RangeResponse answer = RangeQueries.encoded(result, HEADER);
        assertThat(answer.toByteArray()).isEqualTo(parsed.toByteArray());
        assertThat(RangeResponse.parseFrom(answer.toByteString())).isEqualTo(parsed);
    }

    @ParameterizedTest
    @EnumSource
    void responseWhenSortedIsTheMessage(SortTarget target) throws InvalidProtocolBufferException {
        for (SortOrder order : SortOrder.values()) {
            compare(RangeQuery.builder(KeyRange.ALL)
                    .target(target)
                    .order(order)
                    .limit(3)
                    .build());
        }
    }

    @Test
    void responseWhenThereAreOnlyKeysOrACountOrNothingIsTheMessage() throws InvalidProtocolBufferException {
        compare(RangeQuery.builder(KeyRange.ALL).keysOnly(true).build());
        compare(RangeQuery.builder(KeyRange.ALL).countOnly(true).build());
        compare(RangeQuery.of(KeyRange.single(Bytes.utf8("a"))));
        compare(RangeQuery.of(KeyRange.single(Bytes.utf8("z"))));
    }

    @Test
    void responseWhenItIsOfTheKeysOfAnOldRevisionOrFilteredIsTheMessage() throws InvalidProtocolBufferException {
        compare(RangeQuery.builder(KeyRange.ALL).revision(3).build());
        compare(RangeQuery.builder(KeyRange.ALL).minModRevision(3).build());
        assertThat(fixture.store
                        .range(RangeQuery.builder(KeyRange.ALL).revision(3).build())
                        .kvs())
                .extracting(record -> record.getValue())
                .containsExactly(ByteString.copyFromUtf8("3"), ByteString.copyFromUtf8("2"));
    }
}
