package io.quorate.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.quorate.base.Bytes;
import io.quorate.base.Fault;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.mvcc.CommitObserver;
import io.quorate.mvcc.Compaction;
import io.quorate.mvcc.MvccSettings;
import io.quorate.mvcc.MvccStore;
import io.quorate.mvcc.MvccStore.LeaseAttachments;
import io.quorate.mvcc.WriteBatch;
import io.quorate.mvcc.WriteTxn;
import io.quorate.proto.EmptyResponse;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.PutRequest;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.storage.Database;
import io.quorate.storage.StorageException;
import io.quorate.storage.StorageSettings;
import io.quorate.storage.WriteSet;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntryApplierTests {

    private static final InternalRaftRequest PUT = InternalRaftRequest.newBuilder()
            .setPut(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")))
            .build();
    private static final Entry ENTRY = new Entry(3, 11, EntryType.NORMAL, PUT.toByteArray());
    private static final Entry NOISE = new Entry(3, 11, EntryType.NORMAL, new byte[] {1, 2, 3});

    @TempDir
    Path directory;

    private Database database;
    private MvccStore store;
    private WriteSet set;
    private WriteBatch batch;

    @BeforeEach
    void open() {
        database = Database.open(
                directory, StorageSettings.DEFAULTS.withCacheBytes(4 << 20).withWriteBufferBytes(4 << 20));
        store = new MvccStore(database, new NoLeases(), MvccSettings.DEFAULT, () -> 0);
        store.connect(CommitObserver.NONE, Compaction.Observer.NONE);
        set = database.newWriteSet();
        batch = store.beginBatch(set);
    }

    @AfterEach
    void close() {
        batch.abandon();
        database.close();
    }

    @Test
    void applyWhenNothingFailsGivesTheOutcome() {
        Outcome done = new Outcome.Done(EmptyResponse.getDefaultInstance());
        assertThat(apply((request, writes, term) -> done)).isSameAs(done);
    }

    @Test
    void applyWhenADefectShowsBeforeAnyChangeRefusesTheRequestAndGoesOn() {
        EntryApplier applier = new EntryApplier(
                (request, writes, term) -> {
                    throw new IllegalStateException("a defect");
                },
                SkippedEntries.NONE);

        Outcome outcome = applier.apply(ENTRY, PUT, batch, set);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.cause())
                                .isInstanceOfSatisfying(
                                        RequestException.class,
                                        e -> assertThat(e.error()).isEqualTo(RequestError.NOT_APPLICABLE)));
        assertThat(applier.unexpectedRefusals()).isEqualTo(1);
        assertThat(set.isEmpty()).isTrue();
    }

    @Test
    void applyWhenADefectShowsAfterAChangeIsAFault() {
        assertThatThrownBy(() -> apply((request, writes, term) -> {
                    WriteTxn txn = writes.begin();
                    txn.put(Bytes.utf8("k"), ByteString.EMPTY, 0, false);
                    txn.end();
                    throw new IllegalStateException("a defect");
                }))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("entry 11 of term 3 was applied in part");
    }

    @Test
    void applyWhenTheDiskOfThisMemberFailsDoesNotRefuse() {
        StorageException failed = new StorageException("a bad disk", null);
        assertThatThrownBy(() -> apply((request, writes, term) -> {
                    throw failed;
                }))
                .isSameAs(failed);
    }

    @Test
    void decodeWhenTheEntryIsNoRequestIsAFaultWithACure() {
        assertThatThrownBy(() -> new EntryApplier(refuser(), SkippedEntries.NONE).decode(NOISE))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.cure()).contains("skip-entries=3/11"));
    }

    @Test
    void decodeWhenTheEntryIsToBeSkippedGivesNothing() {
        SkippedEntries skipped = SkippedEntries.parse(List.of("3/11"));
        assertThat(new EntryApplier(refuser(), skipped).decode(NOISE)).isNull();
        assertThatThrownBy(() ->
                        new EntryApplier(refuser(), skipped).decode(new Entry(4, 11, EntryType.NORMAL, NOISE.data())))
                .isInstanceOf(Fault.class);
    }

    @Test
    void decodeWhenAReadableEntryIsNamedDoesNotSkipIt() {
        EntryApplier applier = new EntryApplier(refuser(), SkippedEntries.parse(List.of("3/11")));
        assertThat(applier.decode(ENTRY)).isEqualTo(PUT);
    }

    @Test
    void decodeWhenTheKindIsUnknownIsAFault() {
        byte[] later = InternalRaftRequest.newBuilder().setID(5).build().toByteArray();
        assertThatThrownBy(() -> new EntryApplier(refuser(), SkippedEntries.NONE)
                        .decode(new Entry(3, 11, EntryType.NORMAL, later)))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("entry 11 of term 3 holds a request of an unknown kind");
    }

    private static Applier refuser() {
        return (request, writes, term) -> new Outcome.Refused(new RequestException(RequestError.KEY_NOT_FOUND));
    }

    private Outcome apply(Applier applier) {
        return new EntryApplier(applier, SkippedEntries.NONE).apply(ENTRY, PUT, batch, set);
    }

    private static final class NoLeases implements LeaseAttachments {

        @Override
        public void attach(long lease, Bytes key) {
            throw new AssertionError("no lease is used here");
        }

        @Override
        public void detach(long lease, Bytes key) {
            throw new AssertionError("no lease is used here");
        }
    }
}
