package io.quorate.apply;

import static io.quorate.apply.ApplyFixture.bytes;
import static io.quorate.apply.ApplyFixture.putOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Fault;
import io.quorate.base.KeyRange;
import io.quorate.mvcc.RangeQuery;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.PutResponse;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From committed entries to the database, to readers and to those who wait. */
class ApplyAllTests {

    @TempDir
    private Path directory;

    private ApplyFixture fixture;

    @BeforeEach
    void open() {
        fixture = new ApplyFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Entry put(String key) {
        return fixture.entry(InternalRaftRequest.newBuilder().setPut(putOf(key, "v")));
    }

    private List<Entry> puts(int count) {
        return IntStream.range(0, count).mapToObj(i -> put("k" + i)).toList();
    }

    private long keys() {
        return fixture.store.range(RangeQuery.of(KeyRange.ALL)).count();
    }

    /** What watchers and readers see, a crash must not take back: another entry could be there afterwards. */
    @Test
    void applyWhenItPublishesHasWrittenBefore() {
        List<Long> written = new ArrayList<>();
        fixture.observer = (revision, events) -> written.add(fixture.writtenIndex());
        List<Entry> entries = puts(3);
        fixture.applyEntries(entries);
        long last = entries.getLast().index();
        assertThat(written).containsExactly(last, last, last);
    }

    @Test
    void applyWhenItAnswersHasPublishedBefore() {
        List<Long> visible = new ArrayList<>();
        ApplyFixture own = fixture;
        own.observer = (revision, events) -> visible.add((long) own.outcomes.size());
        own.applyEntries(puts(3));
        assertThat(visible).as("answers at the time of publication").containsExactly(0L, 0L, 0L);
        assertThat(own.outcomes).hasSize(3);
        assertThat(keys()).isEqualTo(3);
    }

    @Test
    void applyAnswersInOrderWithTheRevisionOfEach() {
        fixture.applyEntries(puts(2));
        assertThat(List.of(1L, 2L))
                .allSatisfy(id -> assertThat(fixture.outcomes.get(id))
                        .isInstanceOfSatisfying(Outcome.Done.class, done -> {
                            PutResponse response = (PutResponse) done.response();
                            assertThat(response.getHeader().getRevision()).isEqualTo(id + 1);
                            assertThat(response.getHeader().getRaftTerm()).isEqualTo(ApplyFixture.TERM);
                        }));
    }

    @Test
    void applyWhenNobodyAwaitsTheResultKeepsItToItself() {
        List<Entry> entries = puts(2);
        fixture.foreign.add(entries.getFirst().index());
        fixture.applyEntries(entries);
        assertThat(fixture.outcomes).containsOnlyKeys(entries.getLast().index());
        assertThat(keys()).isEqualTo(2);
    }

    @Test
    void applyWhenThereAreMoreThanOneWriteTakesWritesAllOfThem() {
        List<Entry> entries = puts(1_100);
        fixture.applyEntries(entries);
        assertThat(fixture.writtenIndex()).isEqualTo(entries.getLast().index());
        assertThat(fixture.outcomes).hasSize(1_100);
        assertThat(keys()).isEqualTo(1_100);
    }

    @Test
    void applyWhenAnEntryIsInTheDatabaseAlreadyLeavesItOut() {
        List<Entry> entries = puts(3);
        fixture.applyEntries(entries);
        fixture.outcomes.clear();
        long revision = fixture.store.currentRevision();
        fixture.applyEntries(entries);
        assertThat(fixture.store.currentRevision()).isEqualTo(revision);
        assertThat(fixture.outcomes).isEmpty();
        assertThat(fixture.writtenIndex()).isEqualTo(entries.getLast().index());
    }

    @Test
    void applyWhenReopenedGoesOnBehindTheWrittenIndex() {
        List<Entry> entries = puts(2);
        fixture.applyEntries(entries);
        fixture.database.flush();
        fixture.close();
        fixture = new ApplyFixture(directory);
        Entry next = put("next");
        fixture.applyEntries(List.of(entries.getLast(), next));
        assertThat(keys()).isEqualTo(3);
        assertThat(fixture.store.currentRevision()).isEqualTo(4);
    }

    @Test
    void applyWhenTheFirstEntryOfALeaderComesTellsOfTheTerm() {
        fixture.applyEntries(List.of(new Entry(9, fixture.nextIndex(), EntryType.NORMAL, new byte[0])));
        assertThat(fixture.newTerms).containsExactly(9L);
        assertThat(fixture.writtenIndex()).isEqualTo(1);
    }

    @Test
    void applyWhenAnEntryIsRefusedGoesOnWithTheNext() {
        Entry refused = fixture.entry(InternalRaftRequest.newBuilder()
                .setPut(PutRequest.newBuilder().setKey(bytes("k")).setLease(4711)));
        Entry good = put("good");
        fixture.applyEntries(List.of(refused, good));
        assertThat(fixture.outcomes.get(refused.index())).isInstanceOf(Outcome.Refused.class);
        assertThat(fixture.outcomes.get(good.index())).isInstanceOf(Outcome.Done.class);
        assertThat(keys()).isEqualTo(1);
        assertThat(fixture.writtenIndex()).isEqualTo(good.index());
    }

    @Test
    void applyWhenAnEntryFailsHalfWayWritesNothingOfTheBatch() {
        ApplyFixture.ChainBuilder failing = new ApplyFixture.ChainBuilder() {
            @Override
            Applier around(ApplyFixture owner, BackendApplier backend) {
                return (request, batch, term) -> {
                    Outcome done = backend.apply(request, batch, term);
                    if (request.getPut().getKey().equals(bytes("k1"))) {
                        throw new IllegalStateException("half way");
                    }
                    return done;
                };
            }
        };
        fixture.close();
        fixture = new ApplyFixture(directory, failing);
        List<Entry> entries = puts(2);
        assertThatThrownBy(() -> fixture.applyEntries(entries)).hasMessageContaining("was applied in part");
        assertThat(fixture.writtenIndex()).isZero();
        assertThat(fixture.outcomes).isEmpty();
        assertThatThrownBy(() -> fixture.applyEntries(List.of(put("k2"))))
                .as("what is in memory was never written")
                .isInstanceOf(Fault.class);
        assertThat(fixture.store.currentRevision()).isEqualTo(1);
    }
}
