package io.quorate.apply;

import static io.quorate.apply.ApplyFixture.bytes;
import static io.quorate.apply.ApplyFixture.op;
import static io.quorate.apply.ApplyFixture.putOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.base.RequestError;
import io.quorate.following.Following;
import io.quorate.lease.LeaseRecord;
import io.quorate.mvcc.MvccException.LoadingException;
import io.quorate.mvcc.RangeQuery;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseRevokeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.following.FollowBegin;
import io.quorate.proto.following.FollowCompaction;
import io.quorate.proto.following.FollowFinish;
import io.quorate.proto.following.FollowLease;
import io.quorate.proto.following.FollowLeases;
import io.quorate.proto.following.FollowLoad;
import io.quorate.proto.following.FollowRecord;
import io.quorate.proto.following.FollowRecords;
import io.quorate.proto.following.FollowRequest;
import io.quorate.proto.following.FollowState.Phase;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A cluster that takes over the history of another, step by step, and what it refuses meanwhile. */
class FollowStepsTests extends FollowCase {

    @Test
    void beginWhenClusterIsEmptyRefusesReadsAndWrites() {
        assertThat(begin()).isNull();
        assertThat(begin()).as("again").isNull();

        assertThat(follower.following.state().getPhase()).isEqualTo(Phase.LOADING);
        assertThat(refusal(follower.put("a", "1"))).isEqualTo(RequestError.FOLLOWING);
        assertThatThrownBy(() -> follower.store.range(RangeQuery.of(KeyRange.ALL)))
                .isInstanceOf(LoadingException.class);
        assertThatThrownBy(() -> follower.store.hashKv(0)).isInstanceOf(LoadingException.class);
        assertThatThrownBy(follower.store::read).isInstanceOf(LoadingException.class);
    }

    @Test
    void beginWhenThereIsDataOrAnotherSourceIsRefused() {
        follower.put("a", "1");
        assertThat(begin()).isEqualTo(RequestError.NOT_EMPTY);
        assertThat(step(next().setFinish(FollowFinish.getDefaultInstance()))).isEqualTo(RequestError.NOT_FOLLOWING);
        follower.close();
        follower = new ApplyFixture(directory.resolve("other"), new Chain());
        assertThat(begin()).isNull();
        assertThat(step(FollowRequest.newBuilder()
                        .setBegin(FollowBegin.newBuilder().setSourceClusterId(1))))
                .isEqualTo(RequestError.FOLLOWS_ANOTHER);
    }

    @Test
    void recordsWhenTakenOverAreTheSameHistoryAndTellWatches() {
        source.put("a", "1");
        begin();
        load(List.of());
        assertSame();
        source.txn(TxnRequest.newBuilder().addSuccess(op(putOf("b", "2"))).addSuccess(op(putOf("a", "3"))));
        delete("b");
        follow();

        assertSame();
        assertThat(observed).containsExactly("restoring", "restored", "3 b", "3 a", "4 b");
        assertThat(refusal(follower.put("a", "1"))).isEqualTo(RequestError.FOLLOWING);
        assertThat(position()).isEqualTo(Following.whole(4));
    }

    @Test
    void stepWhenRepeatedOrOutOfOrderChangesNothing() {
        begin();
        load(List.of());
        source.put("a", "1");
        source.txn(TxnRequest.newBuilder().addSuccess(op(putOf("b", "2"))).addSuccess(op(putOf("c", "3"))));
        List<FollowRecord> all = records(position());
        FollowRequest.Builder taken =
                next().setRecords(FollowRecords.newBuilder().addAllRecords(all.subList(0, 1)));
        assertThat(step(taken)).isNull();

        assertThat(step(taken)).isEqualTo(RequestError.OUT_OF_STEP);
        assertThat(follow(all.subList(2, 3))).as("not from its first change on").isEqualTo(RequestError.STEP_INVALID);
        assertThat(follow(all)).as("a revision that is there").isEqualTo(RequestError.STEP_INVALID);
        assertThat(follow(List.of())).isEqualTo(RequestError.STEP_INVALID);
        FollowRecord bad = all.get(1).toBuilder().setKey(bytes("no revision")).build();
        assertThat(follow(List.of(bad))).isEqualTo(RequestError.STEP_INVALID);
        FollowRecord foreign =
                all.get(1).toBuilder().setValue(all.get(0).getValue()).build();
        assertThat(follow(List.of(foreign))).as("of another revision").isEqualTo(RequestError.STEP_INVALID);
        assertThat(step(FollowRequest.newBuilder())).isEqualTo(RequestError.STEP_INVALID);
        assertThat(follower.store.currentRevision()).isEqualTo(2);
        assertThat(follow(all.subList(1, 3))).isNull();
        assertSame();
    }

    @Test
    void stateWhenMemberRestartsIsStillThere() {
        source.put("a", "1");
        begin();
        restartFollower();
        assertThat(follower.store.isLoading()).isTrue();
        load(List.of());
        restartFollower();
        assertThat(follower.store.isLoading()).isFalse();
        assertThat(refusal(follower.put("a", "1"))).isEqualTo(RequestError.FOLLOWING);
        source.put("a", "2");
        follow();
        assertSame();
    }

    /** Keys that were deleted in a part of the history that is gone there are found by comparison and deleted here. */
    @Test
    void loadWhenCompactionOvertookEndsAtTheSameState() {
        source.put("stays", "1");
        source.put("goes", "1");
        source.put("returns", "1");
        begin();
        load(List.of());
        delete("goes");
        delete("returns");
        source.put("stays", "2");
        source.put("new", "1");
        source.put("stays", "3");
        compact(8);
        source.put("returns", "2");
        observed.clear();
        load(List.of("goes", "returns"));

        assertSame();
        assertThat(observed).containsExactly("restoring", "restored");
        assertThat(follower.store.compactedRevision()).isEqualTo(8);
        source.put("goes", "2");
        follow();
        assertSame();
    }

    @Test
    void leasesWhenFollowingKeepTheirTimeUntilTheClusterTakesOver() {
        source.apply(request()
                .setLeaseGrant(LeaseGrantRequest.newBuilder().setID(LEASE).setTTL(60)));
        source.apply(request().setPut(putOf("leased", "1").setLease(LEASE)));
        follower.leases.promote(1, Duration.ZERO);
        begin();
        load(List.of());
        assertThat(follower.leases.keys(LEASE))
                .as("granted until it is told of")
                .hasSize(1);

        FollowLeases.Builder told = FollowLeases.newBuilder()
                .setFirst(Long.MIN_VALUE)
                .setLast(Long.MAX_VALUE)
                .addLeases(FollowLease.newBuilder().setID(LEASE).setTTL(60).setRemaining(20))
                .addLeases(FollowLease.newBuilder().setID(5).setTTL(600));
        assertThat(step(next().setLeases(told))).isNull();
        assertThat(follower.leases.lookup(LEASE)).isEqualTo(new LeaseRecord(LEASE, 60, 20));
        follower.clock.advance(Duration.ofHours(1));
        assertThat(follower.leases.timeToLive(LEASE, false).remainingTtl()).isEqualTo(20);
        assertThat(refusal(follower.apply(
                        request().setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(LEASE)))))
                .isEqualTo(RequestError.FOLLOWING);

        assertThat(step(next().setLeases(told.clone().clearLeases()))).isNull();
        assertThat(follower.leases.leases())
                .as("one with a key stays until that is deleted")
                .containsExactly(LEASE);
        assertThat(step(next().setLeases(told.clone().setLast(LEASE - 1)))).isEqualTo(RequestError.STEP_INVALID);

        assertThat(step(next().setFinish(FollowFinish.getDefaultInstance()))).isNull();
        assertThat(follower.leases.timeToLive(LEASE, false).remainingTtl()).isEqualTo(20);
        follower.clock.advance(Duration.ofSeconds(19));
        assertThat(follower.leases.timeToLive(LEASE, false).remainingTtl()).isEqualTo(1);
    }

    @Test
    void finishWhenFollowingOpensWritesAndIsFinal() {
        source.put("a", "1");
        begin();
        assertThat(step(next().setFinish(FollowFinish.getDefaultInstance()))).isEqualTo(RequestError.OUT_OF_STEP);
        load(List.of());
        assertThat(step(next().setFinish(FollowFinish.getDefaultInstance()))).isNull();

        assertThat(refusal(follower.put("a", "2"))).isNull();
        assertThat(follower.store.currentRevision()).isEqualTo(3);
        assertThat(begin()).isEqualTo(RequestError.FOLLOWS_ANOTHER);
        assertThat(follow(List.of())).isEqualTo(RequestError.NOT_FOLLOWING);
    }

    @Test
    void historyWhenRandomIsTheSameAtEachMoment() {
        for (long seed = 1; seed <= 5; seed++) {
            close();
            directory = directory.resolve("seed-" + seed);
            open();
            SplittableRandom random = new SplittableRandom(seed);
            begin();
            load(List.of());
            for (int round = 0; round < 30; round++) {
                for (int change = random.nextInt(1, 8); change > 0; change--) {
                    change(random);
                }
                follow();
                if (random.nextInt(4) == 0) {
                    long at = random.nextLong(
                            Math.max(2, source.store.compactedRevision() + 1), source.store.currentRevision() + 1);
                    compact(at);
                    assertThat(step(next().setCompaction(
                                            FollowCompaction.newBuilder().setRevision(at))))
                            .isNull();
                }
                if (random.nextInt(5) == 0) {
                    restartFollower();
                }
                assertThat(follower.store.hashKv(0))
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(source.store.hashKv(0));
                assertSame();
            }
        }
    }

    private void change(SplittableRandom random) {
        switch (random.nextInt(4)) {
            case 0 ->
                source.apply(request()
                        .setDeleteRange(DeleteRangeRequest.newBuilder()
                                .setKey(key(random))
                                .setRangeEnd(bytes("k5"))));
            case 1 -> {
                TxnRequest.Builder txn = TxnRequest.newBuilder();
                for (int i = random.nextInt(1, 4); i > 0; i--) {
                    txn.addSuccess(RequestOp.newBuilder().setRequestPut(putOf("t" + i, "" + random.nextInt())));
                }
                source.txn(txn);
            }
            default -> {
                // a revision at least, whatever comes before
            }
        }
        source.apply(request().setPut(putOf("", "" + random.nextInt()).setKey(key(random))));
    }

    private static ByteString key(SplittableRandom random) {
        return bytes("k" + random.nextInt(8));
    }

    @Test
    void liveKeysAreListedWhileStateIsLoaded() {
        source.put("a", "1");
        source.put("b", "1");
        begin();
        assertThat(step(next().setLoad(FollowLoad.newBuilder()
                        .addAllRecords(records(position()))
                        .setCompactRevision(0))))
                .isNull();

        assertThat(follower.store.liveKeys(Bytes.wrap(new byte[0]), 10).keySet())
                .containsExactly(Bytes.utf8("a"), Bytes.utf8("b"));
        assertThat(follower.store.liveKeys(Bytes.utf8("a\u0000"), 10).keySet()).containsExactly(Bytes.utf8("b"));
        assertThat(follower.store.liveKeys(Bytes.wrap(new byte[0]), 1)).hasSize(1);
    }
}
