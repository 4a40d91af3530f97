package io.quorate.apply;

import static io.quorate.apply.ApplyFixture.bytes;
import static io.quorate.apply.ApplyFixture.putOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.quorate.base.KeyRange;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.lease.LeaseException.LeaseExistsException;
import io.quorate.lease.LeaseException.LeaseNotFoundException;
import io.quorate.lease.LeaseRecord;
import io.quorate.membership.Member;
import io.quorate.mvcc.MvccException.CompactedException;
import io.quorate.mvcc.RangeQuery;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmRequest.AlarmAction;
import io.quorate.proto.AlarmResponse;
import io.quorate.proto.AlarmType;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.CompactionResponse;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.DeleteRangeResponse;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.LeaseCheckpoint;
import io.quorate.proto.LeaseCheckpointRequest;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseGrantResponse;
import io.quorate.proto.LeaseRevokeRequest;
import io.quorate.proto.LeaseRevokeResponse;
import io.quorate.proto.PutResponse;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.membershippb.Attributes;
import io.quorate.proto.membershippb.ClusterMemberAttrSetRequest;
import io.quorate.proto.membershippb.ClusterVersionSetRequest;
import io.quorate.proto.membershippb.DowngradeInfoSetRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each kind of request does to the state, and what its caller is told. */
class BackendApplierTests {

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

    private static InternalRaftRequest.Builder request() {
        return InternalRaftRequest.newBuilder();
    }

    private <T extends Message> T done(Class<T> type, InternalRaftRequest.Builder request) {
        Outcome outcome = fixture.apply(request);
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return type.cast(((Outcome.Done) outcome).response());
    }

    private RuntimeException refused(InternalRaftRequest.Builder request) {
        Outcome outcome = fixture.apply(request);
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return ((Outcome.Refused) outcome).cause();
    }

    private static void assertError(RuntimeException refusal, RequestError error) {
        assertThat(refusal)
                .isInstanceOfSatisfying(
                        RequestException.class,
                        cause -> assertThat(cause.error()).isEqualTo(error));
    }

    private LeaseGrantResponse grant(long id) {
        return done(
                LeaseGrantResponse.class,
                request().setLeaseGrant(LeaseGrantRequest.newBuilder().setID(id).setTTL(60)));
    }

    private List<String> keys() {
        return fixture.store.range(RangeQuery.of(KeyRange.ALL)).kvs().stream()
                .map(kv -> kv.getKey().toStringUtf8())
                .toList();
    }

    // ---- keys

    @Test
    void putTellsRevisionTermAndWhatWasThere() {
        fixture.put("k", "old");
        PutResponse response =
                done(PutResponse.class, request().setPut(putOf("k", "new").setPrevKv(true)));
        assertThat(response.getHeader().getRevision()).isEqualTo(3);
        assertThat(response.getHeader().getRaftTerm()).isEqualTo(ApplyFixture.TERM);
        assertThat(response.getHeader().getMemberId()).isEqualTo(ApplyFixture.ID);
        assertThat(response.getHeader().getClusterId()).isEqualTo(ApplyFixture.CLUSTER);
        assertThat(response.getPrevKv().getValue()).isEqualTo(bytes("old"));
        assertThat(done(PutResponse.class, request().setPut(putOf("k", "again")))
                        .hasPrevKv())
                .isFalse();
    }

    @Test
    void putWhenItKeepsValueOrLeaseTakesTheOtherFromTheRequest() {
        grant(5);
        grant(6);
        done(PutResponse.class, request().setPut(putOf("k", "v").setLease(5)));
        done(
                PutResponse.class,
                request().setPut(putOf("k", "").setIgnoreValue(true).setLease(6)));
        var kept = fixture.store.range(RangeQuery.of(KeyRange.ALL)).kvs().getFirst();
        assertThat(kept.getValue()).isEqualTo(bytes("v"));
        assertThat(kept.getLease()).isEqualTo(6);
        done(PutResponse.class, request().setPut(putOf("k", "w").setIgnoreLease(true)));
        kept = fixture.store.range(RangeQuery.of(KeyRange.ALL)).kvs().getFirst();
        assertThat(kept.getValue()).isEqualTo(bytes("w"));
        assertThat(kept.getLease()).isEqualTo(6);
    }

    /** etcd looks at the lease first here, and in a transaction at the key. */
    @Test
    void putWhenRefusedChangesNothing() {
        assertError(
                refused(request().setPut(putOf("k", "").setIgnoreValue(true).setLease(9))),
                RequestError.LEASE_NOT_FOUND);
        assertError(refused(request().setPut(putOf("k", "").setIgnoreValue(true))), RequestError.KEY_NOT_FOUND);
        assertError(refused(request().setPut(putOf("k", "v").setIgnoreLease(true))), RequestError.KEY_NOT_FOUND);
        assertThat(fixture.store.currentRevision()).isEqualTo(1);
    }

    @Test
    void deleteTellsHowManyAndWhatTheyWere() {
        fixture.put("a", "1");
        fixture.put("b", "2");
        DeleteRangeResponse response = done(
                DeleteRangeResponse.class,
                request()
                        .setDeleteRange(DeleteRangeRequest.newBuilder()
                                .setKey(bytes("a"))
                                .setRangeEnd(bytes("c"))
                                .setPrevKv(true)));
        assertThat(response.getDeleted()).isEqualTo(2);
        assertThat(response.getPrevKvsList()).extracting(kv -> kv.getValue()).containsExactly(bytes("1"), bytes("2"));
        assertThat(response.getHeader().getRevision()).isEqualTo(4);
        assertThat(keys()).isEmpty();
    }

    @Test
    void rangeReadsWithoutARevisionOfItsOwn() {
        fixture.put("a", "1");
        fixture.put("b", "2");
        RangeResponse response = done(
                RangeResponse.class,
                request()
                        .setRange(RangeRequest.newBuilder()
                                .setKey(bytes("a"))
                                .setRangeEnd(bytes("c"))
                                .setLimit(1)));
        assertThat(response.getKvsList()).hasSize(1);
        assertThat(response.getCount()).isEqualTo(2);
        assertThat(response.getMore()).isTrue();
        assertThat(response.getHeader().getRevision()).isEqualTo(3);
        assertThat(fixture.store.currentRevision()).isEqualTo(3);
    }

    // ---- compaction

    @Test
    void compactMovesTheCompactedRevision() {
        fixture.put("k", "1");
        fixture.put("k", "2");
        CompactionResponse response = done(
                CompactionResponse.class,
                request().setCompaction(CompactionRequest.newBuilder().setRevision(2)));
        assertThat(response.getHeader().getRevision()).isEqualTo(3);
        assertThat(fixture.store.compactedRevision()).isEqualTo(2);
        assertThat(refused(
                        request().setCompaction(CompactionRequest.newBuilder().setRevision(2))))
                .isInstanceOf(CompactedException.class);
    }

    @Test
    void compactWhenPhysicalAnswersAfterTheRemoval() {
        fixture.put("k", "1");
        fixture.put("k", "2");
        InternalRaftRequest.Builder physical = request()
                .setCompaction(CompactionRequest.newBuilder().setRevision(2).setPhysical(true));
        Outcome.Later first = (Outcome.Later) fixture.apply(physical);
        CompletableFuture<Message> result = first.stage().get().toCompletableFuture();
        Outcome.Later second = (Outcome.Later) fixture.apply(physical);
        CompletableFuture<Message> again = second.stage().get().toCompletableFuture();
        assertThat(result).isNotDone();
        assertThat(again).isNotDone();
        while (fixture.store.compaction().step() > 0) {
            fixture.clock.advance(Duration.ofSeconds(1));
        }
        assertThat(result).isCompleted();
        assertThat(again).isCompletedExceptionally();
        assertThat(again.exceptionNow()).isInstanceOf(CompactedException.class);
    }

    // ---- leases

    @Test
    void grantTellsIdAndTime() {
        LeaseGrantResponse response = grant(5);
        assertThat(response.getID()).isEqualTo(5);
        assertThat(response.getTTL()).isEqualTo(60);
        assertThat(response.getHeader().getRaftTerm()).isEqualTo(ApplyFixture.TERM);
        assertThat(refused(request()
                        .setLeaseGrant(LeaseGrantRequest.newBuilder().setID(5).setTTL(60))))
                .isInstanceOf(LeaseExistsException.class);
    }

    @Test
    void revokeTakesTheKeysWithItInOneRevision() {
        grant(5);
        done(PutResponse.class, request().setPut(putOf("b", "").setLease(5)));
        done(PutResponse.class, request().setPut(putOf("a", "").setLease(5)));
        fixture.put("c", "");
        LeaseRevokeResponse response = done(
                LeaseRevokeResponse.class,
                request().setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(5)));
        assertThat(keys()).containsExactly("c");
        assertThat(response.getHeader().getRevision()).isEqualTo(5);
        assertThat(fixture.leases.lookup(5)).isNull();
        assertThat(refused(
                        request().setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(5))))
                .isInstanceOf(LeaseNotFoundException.class);
    }

    @Test
    void checkpointKeepsWhatIsLeft() {
        grant(5);
        fixture.apply(request()
                .setLeaseCheckpoint(LeaseCheckpointRequest.newBuilder()
                        .addCheckpoints(LeaseCheckpoint.newBuilder().setID(5).setRemainingTTL(20))));
        assertThat(fixture.leases.lookup(5))
                .extracting(LeaseRecord::remainingTtl)
                .isEqualTo(20L);
    }

    // ---- alarms, members, versions

    private AlarmResponse alarm(AlarmAction action, long member, AlarmType type) {
        return done(
                AlarmResponse.class,
                request()
                        .setAlarm(AlarmRequest.newBuilder()
                                .setAction(action)
                                .setMemberID(member)
                                .setAlarm(type)));
    }

    @Test
    void alarmIsRaisedListedAndCleared() {
        assertThat(alarm(AlarmAction.ACTIVATE, 3, AlarmType.NOSPACE).getAlarmsList())
                .singleElement()
                .satisfies(raised -> assertThat(raised.getMemberID()).isEqualTo(3));
        assertThat(fixture.alarms.isRaised(AlarmType.NOSPACE)).isTrue();
        assertThat(alarm(AlarmAction.GET, 0, AlarmType.NONE).getAlarmsList()).hasSize(1);
        assertThat(alarm(AlarmAction.GET, 0, AlarmType.CORRUPT).getAlarmsList()).isEmpty();
        assertThat(alarm(AlarmAction.DEACTIVATE, 4, AlarmType.NOSPACE).getAlarmsList())
                .isEmpty();
        assertThat(alarm(AlarmAction.DEACTIVATE, 3, AlarmType.NOSPACE).getAlarmsList())
                .hasSize(1);
        assertThat(fixture.alarms.isRaised(AlarmType.NOSPACE)).isFalse();
    }

    @Test
    void alarmWhenOfNoKindIsNotRaised() {
        assertThat(alarm(AlarmAction.ACTIVATE, 3, AlarmType.NONE).getAlarmsList())
                .isEmpty();
        assertThat(fixture.alarms.list()).isEmpty();
    }

    private void setAttributes(long member) {
        Outcome outcome = fixture.apply(request()
                .setClusterMemberAttrSet(ClusterMemberAttrSetRequest.newBuilder()
                        .setMemberID(member)
                        .setMemberAttributes(
                                Attributes.newBuilder().setName("x").addClientUrls("http://x:1"))));
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void attributesOfAMemberAreKeptAndThoseOfNobodyAreNot() {
        fixture.add(Member.announced(2, "", List.of("http://m2:1"), false));
        setAttributes(2);
        setAttributes(9);
        assertThat(fixture.membership.members())
                .containsExactly(new Member(2L, "x", List.of("http://m2:1"), List.of("http://x:1"), false));
    }

    @Test
    void versionAndDowngradeAreKept() {
        fixture.apply(request()
                .setClusterVersionSet(ClusterVersionSetRequest.newBuilder().setVer("3.6.0")));
        assertThat(fixture.membership.clusterVersion()).isEqualTo("3.6.0");
        fixture.apply(request()
                .setDowngradeInfoSet(
                        DowngradeInfoSetRequest.newBuilder().setEnabled(true).setVer("3.5.0")));
        assertThat(fixture.membership.downgradeTarget()).isEqualTo("3.5.0");
        fixture.apply(request()
                .setDowngradeInfoSet(DowngradeInfoSetRequest.newBuilder().setVer("3.5.0")));
        assertThat(fixture.membership.downgradeTarget()).isNull();
    }
}
