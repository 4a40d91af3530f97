package io.quorate.apply;

import static io.quorate.apply.ApplyFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.alarm.SpaceQuota;
import io.quorate.base.KeyRange;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.fixture.NoDurations;
import io.quorate.following.Following;
import io.quorate.mvcc.CommitObserver;
import io.quorate.mvcc.RangeQuery;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.following.FollowBegin;
import io.quorate.proto.following.FollowLoad;
import io.quorate.proto.following.FollowLoaded;
import io.quorate.proto.following.FollowPosition;
import io.quorate.proto.following.FollowRecord;
import io.quorate.proto.following.FollowRecords;
import io.quorate.proto.following.FollowRequest;
import io.quorate.proto.mvccpb.Event;
import io.quorate.storage.Cursor;
import io.quorate.storage.Family;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that takes over the history of another, and both of them in the hands of a test. */
abstract class FollowCase {

    static final long SOURCE = 99;
    static final long LEASE = 77;

    @TempDir
    Path directory;

    ApplyFixture source;
    ApplyFixture follower;
    final List<String> observed = new ArrayList<>();

    static final class Chain extends ApplyFixture.ChainBuilder {

        @Override
        Applier around(ApplyFixture owner, BackendApplier backend) {
            return new ApplierChain(
                    new ExecutionTimes(() -> Duration.ofSeconds(1), new NoDurations(), owner.clock),
                    owner.alarms,
                    new SpaceQuota(() -> 0, () -> 0),
                    owner.auth,
                    owner.leases,
                    () -> CompletableFuture.completedStage(null),
                    owner.steps,
                    backend);
        }
    }

    @BeforeEach
    void open() {
        source = new ApplyFixture(directory.resolve("source"));
        follower = openFollower();
    }

    private ApplyFixture openFollower() {
        ApplyFixture opened = new ApplyFixture(directory.resolve("follower"), new Chain());
        opened.observer = new CommitObserver() {
            @Override
            public void committed(long revision, List<Event> events) {
                events.forEach(event ->
                        observed.add(revision + " " + event.getKv().getKey().toStringUtf8()));
            }

            @Override
            public void restoring() {
                observed.add("restoring");
            }

            @Override
            public void restored() {
                observed.add("restored");
            }
        };
        return opened;
    }

    @AfterEach
    void close() {
        source.close();
        follower.close();
    }

    void restartFollower() {
        follower.database.flush();
        follower.close();
        follower = openFollower();
    }

    // ---- steps

    @Nullable
    RequestError step(FollowRequest.Builder step) {
        return refusal(follower.apply(InternalRaftRequest.newBuilder().setFollow(step)));
    }

    static @Nullable RequestError refusal(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done done -> null;
            case Outcome.Refused refused -> refused.cause() instanceof RequestException e ? e.error() : null;
            case Outcome.Later later -> throw new AssertionError("nothing waits here");
        };
    }

    FollowRequest.Builder next() {
        return FollowRequest.newBuilder().setAfter(position());
    }

    FollowPosition position() {
        return follower.following.state().getPosition();
    }

    @Nullable
    RequestError begin() {
        return step(FollowRequest.newBuilder().setBegin(FollowBegin.newBuilder().setSourceClusterId(SOURCE)));
    }

    static FollowRecord record(Cursor cursor) {
        return FollowRecord.newBuilder()
                .setKey(ByteString.copyFrom(cursor.key()))
                .setValue(ByteString.copyFrom(cursor.value()))
                .build();
    }

    /** What the source stores behind a position. */
    List<FollowRecord> records(FollowPosition after) {
        List<FollowRecord> records = new ArrayList<>();
        try (Cursor cursor = source.database.cursor(Family.HISTORY, null, null)) {
            for (; cursor.isValid(); cursor.next()) {
                FollowRecord record = record(cursor);
                if (Following.isBehind(
                        CopiedRecord.all(List.of(record)).getFirst().position(), after)) {
                    records.add(record);
                }
            }
        }
        return records;
    }

    long sourceCompacted() {
        return Math.max(0, source.store.compactedRevision());
    }

    void load(List<String> vanished) {
        FollowLoad.Builder load =
                FollowLoad.newBuilder().setCompactRevision(sourceCompacted()).addAllRecords(records(position()));
        vanished.forEach(key -> load.addVanished(bytes(key)));
        assertThat(step(next().setLoad(load))).isNull();
        assertThat(step(next().setLoaded(FollowLoaded.newBuilder()
                        .setRevision(source.store.currentRevision())
                        .setCompactRevision(sourceCompacted()))))
                .isNull();
    }

    @Nullable
    RequestError follow(List<FollowRecord> records) {
        return step(next().setRecords(FollowRecords.newBuilder().addAllRecords(records)));
    }

    void follow() {
        assertThat(follow(records(position()))).isNull();
    }

    void assertSame() {
        assertThat(follower.store.currentRevision()).isEqualTo(source.store.currentRevision());
        assertThat(follower.store.hashKv(0)).isEqualTo(source.store.hashKv(0));
        assertThat(follower.store.range(RangeQuery.of(KeyRange.ALL)).kvs())
                .isEqualTo(source.store.range(RangeQuery.of(KeyRange.ALL)).kvs());
    }

    static InternalRaftRequest.Builder request() {
        return InternalRaftRequest.newBuilder();
    }

    void delete(String key) {
        source.apply(request().setDeleteRange(DeleteRangeRequest.newBuilder().setKey(bytes(key))));
    }

    void compact(long revision) {
        source.apply(request().setCompaction(CompactionRequest.newBuilder().setRevision(revision)));
        while (source.store.compaction().doWork() > 0) {
            source.clock.advance(Duration.ofSeconds(1));
        }
    }
}
