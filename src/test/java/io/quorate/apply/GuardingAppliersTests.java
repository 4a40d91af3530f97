package io.quorate.apply;

import static io.quorate.apply.ApplyFixture.op;
import static io.quorate.apply.ApplyFixture.putOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.alarm.SpaceQuota;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.fixture.NoDurations;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmType;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.LeaseCheckpointRequest;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseRevokeRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The links that stand in front of the work: which requests they let through, and when. */
class GuardingAppliersTests {

    @TempDir
    private Path directory;

    private ApplyFixture fixture;
    private long limitBytes;
    private long sizeBytes;
    private int alarmsAskedFor;
    private final CompletableFuture<Void> alarmRaised = new CompletableFuture<>();

    private final class Chain extends ApplyFixture.ChainBuilder {

        @Override
        Applier around(ApplyFixture owner, BackendApplier backend) {
            return new ApplierChain(
                    new ExecutionTimes(() -> Duration.ofSeconds(1), new NoDurations(), owner.clock),
                    owner.alarms,
                    new SpaceQuota(() -> limitBytes, () -> sizeBytes),
                    owner.auth,
                    owner.leases,
                    () -> {
                        alarmsAskedFor++;
                        return alarmRaised;
                    },
                    owner.steps,
                    backend);
        }
    }

    @BeforeEach
    void open() {
        fixture = new ApplyFixture(directory, new Chain());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static InternalRaftRequest.Builder request() {
        return InternalRaftRequest.newBuilder();
    }

    private static InternalRaftRequest.Builder put() {
        return request().setPut(putOf("k", "v"));
    }

    private static InternalRaftRequest.Builder alarm(AlarmRequest.AlarmAction action, AlarmType type) {
        return request()
                .setAlarm(AlarmRequest.newBuilder()
                        .setAction(action)
                        .setMemberID(1)
                        .setAlarm(type));
    }

    private static InternalRaftRequest.Builder grant(long id) {
        return request().setLeaseGrant(LeaseGrantRequest.newBuilder().setID(id).setTTL(60));
    }

    private static InternalRaftRequest.Builder readingTxn() {
        return request()
                .setTxn(TxnRequest.newBuilder()
                        .addSuccess(RequestOp.newBuilder()
                                .setRequestRange(RangeRequest.newBuilder().setKey(ApplyFixture.bytes("k")))));
    }

    private static InternalRaftRequest.Builder delete() {
        return request().setDeleteRange(DeleteRangeRequest.newBuilder().setKey(ApplyFixture.bytes("k")));
    }

    private void assertRefused(InternalRaftRequest.Builder request, RequestError error) {
        assertThat(fixture.apply(request))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.cause())
                                .isInstanceOfSatisfying(
                                        RequestException.class,
                                        cause -> assertThat(cause.error()).isEqualTo(error)));
    }

    private void assertDone(InternalRaftRequest.Builder request) {
        assertThat(fixture.apply(request)).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void applyWhenAMemberIsOutOfSpaceRefusesWhatTakesRoom() {
        assertDone(alarm(AlarmRequest.AlarmAction.ACTIVATE, AlarmType.NOSPACE));
        long revision = fixture.store.currentRevision();
        List.of(put(), grant(1), request().setTxn(TxnRequest.newBuilder().addFailure(op(putOf("k", "v")))))
                .forEach(request -> assertRefused(request, RequestError.NO_SPACE));
        assertThat(fixture.store.currentRevision()).isEqualTo(revision);
        assertThat(fixture.leases.leases()).isEmpty();
        assertDone(readingTxn());
        assertDone(delete());
        assertDone(alarm(AlarmRequest.AlarmAction.DEACTIVATE, AlarmType.NOSPACE));
        assertDone(put());
    }

    @Test
    void applyWhenAMemberIsCorruptRefusesWhatTouchesData() {
        assertDone(grant(1));
        assertDone(alarm(AlarmRequest.AlarmAction.ACTIVATE, AlarmType.CORRUPT));
        List.of(
                        put(),
                        delete(),
                        readingTxn(),
                        grant(2),
                        request().setRange(RangeRequest.newBuilder().setKey(ApplyFixture.bytes("k"))),
                        request().setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(1)),
                        request().setCompaction(CompactionRequest.newBuilder().setRevision(1)))
                .forEach(request -> assertRefused(request, RequestError.CORRUPT));
        assertThat(fixture.leases.leases()).containsExactly(1L);
        assertDone(request().setLeaseCheckpoint(LeaseCheckpointRequest.getDefaultInstance()));
        assertDone(alarm(AlarmRequest.AlarmAction.DEACTIVATE, AlarmType.CORRUPT));
        assertDone(put());
    }

    /** Others may have room: all must do the same. */
    @Test
    void applyWhenTheQuotaIsReachedWritesAndTellsWhenTheAlarmIsRaised() {
        limitBytes = 1_000;
        sizeBytes = 1_000;
        Outcome outcome = fixture.apply(put());
        assertThat(fixture.store.currentRevision()).isEqualTo(2);
        assertThat(alarmsAskedFor).isEqualTo(1);
        Outcome.Later later = (Outcome.Later) outcome;
        CompletableFuture<?> result = later.stage().get().toCompletableFuture();
        assertThat(result).isNotDone();
        alarmRaised.complete(null);
        Refusal.assertNoSpace(result);
    }

    private static final class Refusal {

        static void assertNoSpace(CompletableFuture<?> result) {
            assertThat(result).isCompletedExceptionally();
            assertThat(result.exceptionNow())
                    .isInstanceOfSatisfying(
                            RequestException.class,
                            refusal -> assertThat(refusal.error()).isEqualTo(RequestError.NO_SPACE));
        }
    }

    @Test
    void applyWhenTheQuotaIsReachedLetsThroughWhatTakesNoRoom() {
        limitBytes = 1_000;
        sizeBytes = 2_000;
        assertDone(delete());
        assertDone(readingTxn());
        assertThat(alarmsAskedFor).isZero();
    }

    @Test
    void applyWhenARefusedRequestWouldReachTheQuotaAsksForNoAlarm() {
        limitBytes = 1_000;
        sizeBytes = 2_000;
        assertRefused(request().setPut(putOf("k", "v").setLease(4711)), RequestError.LEASE_NOT_FOUND);
        assertThat(alarmsAskedFor).isZero();
    }

    @Test
    void applyWhenThereIsRoomAsksForNoAlarm() {
        limitBytes = 1_000;
        sizeBytes = 700;
        assertDone(put());
        sizeBytes = 800;
        assertThat(fixture.apply(put())).isInstanceOf(Outcome.Later.class);
        assertThat(fixture.apply(grant(1))).isInstanceOf(Outcome.Done.class);
        sizeBytes = 1_000 - SpaceQuota.LEASE_BYTES;
        assertThat(fixture.apply(grant(2))).isInstanceOf(Outcome.Later.class);
    }
}
