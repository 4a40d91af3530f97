package io.quorate.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.apply.RangeQueries;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.mvcc.CommitObserver;
import io.quorate.mvcc.Compaction;
import io.quorate.mvcc.MvccStore;
import io.quorate.mvcc.OpenRange;
import io.quorate.mvcc.RangeQuery;
import io.quorate.mvcc.WriteBatch;
import io.quorate.mvcc.WriteTxn;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.ResponseHeader;
import io.quorate.storage.Database;
import io.quorate.storage.StorageSettings;
import io.quorate.storage.WriteSet;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A response that is read piece by piece is the one that would have been gathered, byte for byte. */
class StreamedRangeTests {

    private static final ResponseHeader HEADER = ResponseHeader.newBuilder()
            .setClusterId(-1)
            .setMemberId(7)
            .setRevision(300)
            .setRaftTerm(2)
            .build();

    @TempDir
    private Path directory;

    private final AtomicInteger closed = new AtomicInteger();
    private Database database;
    private MvccStore store;

    @BeforeEach
    void fill() {
        database = Database.open(directory.resolve("db"), StorageSettings.DEFAULTS);
        store = new MvccStore(database, new MvccStore.LeaseAttachments() {
            @Override
            public void attach(long lease, Bytes key) {}

            @Override
            public void detach(long lease, Bytes key) {}
        });
        store.connect(CommitObserver.NONE, Compaction.Observer.NONE);
        for (int i = 0; i < 300; i++) {
            try (WriteSet set = database.newWriteSet()) {
                WriteBatch batch = store.beginBatch(set);
                WriteTxn txn = batch.begin();
                txn.put(Bytes.utf8("key/" + i), ByteString.copyFrom(new byte[(i % 7) * 400]), i % 3, false);
                txn.end();
                database.write(set);
                batch.publish();
            }
        }
    }

    @AfterEach
    void close() {
        database.closeWithoutFlush();
    }

    private StreamedRange streamed(RangeQuery query) {
        RangeResponse head = RangeResponse.newBuilder().setHeader(HEADER).build();
        OpenRange range = (OpenRange) store.open(query, size -> false);
        return new StreamedRange(range, head, Runnable::run, closed::incrementAndGet);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "0, 7", "0, 5000", "0, 10000000", "10, 100", "300, 64", "301, 64"})
    void responseWhenReadPieceByPieceIsTheGatheredOne(long limit, int pieceBytes) {
        RangeQuery query = RangeQuery.builder(KeyRange.ALL).limit(limit).build();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        StreamedRange streamed = streamed(query);
        while (all.size() < streamed.bytes()) {
            ByteBuffer piece = ByteBuffer.allocate(pieceBytes);
            streamed.read(piece);
            assertThat(piece.position()).isPositive();
            all.write(piece.array(), 0, piece.position());
        }
        streamed.close();
        assertThat(all.toByteArray())
                .isEqualTo(RangeQueries.encoded(store.range(query), HEADER).toByteArray());
        assertThat(database.uses()).isZero();
    }

    @Test
    void rangeWhenClosedTwiceGivesItsPlaceBackOnce() {
        StreamedRange streamed = streamed(RangeQuery.of(KeyRange.ALL));
        streamed.close();
        streamed.close();
        assertThat(closed).hasValue(1);
    }

    /** Also if nobody is left who would close it. */
    @Test
    void rangeWhenTheDatabaseClosesIsClosed() {
        StreamedRange streamed = streamed(RangeQuery.of(KeyRange.ALL));
        AtomicInteger told = new AtomicInteger();
        streamed.whenRevoked(told::incrementAndGet);
        database.close();
        assertThat(told).hasValue(1);
        assertThat(closed).hasValue(1);
        assertThat(database.isOpen()).isFalse();
    }
}
