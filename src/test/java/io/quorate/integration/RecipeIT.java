package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quorate.fixture.Http1Transport;
import io.quorate.fixture.MemberExtension;
import io.quorate.fixture.StreamRecorder;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.LeaseTimeToLiveRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.mvccpb.KeyValue;
import io.quorate.proto.v3electionpb.CampaignRequest;
import io.quorate.proto.v3electionpb.CampaignResponse;
import io.quorate.proto.v3electionpb.LeaderKey;
import io.quorate.proto.v3electionpb.LeaderRequest;
import io.quorate.proto.v3electionpb.LeaderResponse;
import io.quorate.proto.v3electionpb.ProclaimRequest;
import io.quorate.proto.v3electionpb.ResignRequest;
import io.quorate.proto.v3lockpb.LockRequest;
import io.quorate.proto.v3lockpb.LockResponse;
import io.quorate.proto.v3lockpb.UnlockRequest;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Locks and elections against one member; each test has a name of its own. */
class RecipeIT {

    @RegisterExtension
    static final MemberExtension MEMBER = new MemberExtension();

    private ByteString name;

    @BeforeEach
    void chooseName() {
        name = text(MEMBER.prefix());
    }

    private static ByteString text(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static long lease() {
        return MEMBER.grpc().grant(60);
    }

    private Future<LockResponse> lock(long lease) {
        return MEMBER.grpc()
                .lock()
                .lock(LockRequest.newBuilder().setName(name).setLease(lease).build());
    }

    private Future<CampaignResponse> campaign(long lease, String value) {
        return MEMBER.grpc()
                .election()
                .campaign(CampaignRequest.newBuilder()
                        .setName(name)
                        .setLease(lease)
                        .setValue(text(value))
                        .build());
    }

    private ByteString place(long lease) {
        return name.concat(text("/" + Long.toHexString(lease)));
    }

    private static <A> A answer(Future<A> call) {
        try {
            return call.get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for an answer", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StatusRuntimeException refusal) {
                throw refusal;
            }
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new AssertionError("No answer", e);
        }
    }

    private static Status refusal(Future<?> call) {
        return catchThrowableOfType(StatusRuntimeException.class, () -> answer(call))
                .getStatus();
    }

    private List<KeyValue> places() {
        return MEMBER.grpc()
                .kv()
                .range(RangeRequest.newBuilder()
                        .setKey(name.concat(text("/")))
                        .setRangeEnd(name.concat(text("0")))
                        .build())
                .getKvsList();
    }

    private void awaitPlaces(int count) {
        await(count + " places").until(() -> places().size() == count);
    }

    @Test
    void lockWhenFreeIsTakenByAKeyOnTheLease() {
        long lease = lease();

        LockResponse response = answer(lock(lease));

        assertThat(response.getKey()).isEqualTo(place(lease));
        assertThat(places()).singleElement().satisfies(key -> {
            assertThat(key.getLease()).isEqualTo(lease);
            assertThat(key.getValue()).isEmpty();
            assertThat(response.getHeader().getRevision()).isEqualTo(key.getCreateRevision());
        });
    }

    @Test
    void lockWhenHeldByTheSameLeaseIsTakenAtOnce() {
        long lease = lease();
        LockResponse first = answer(lock(lease));

        assertThat(answer(lock(lease)).getKey()).isEqualTo(first.getKey());
        assertThat(places()).hasSize(1);
    }

    @Test
    void lockWhenNoLeaseIsGivenLivesAMinute() {
        answer(lock(0));

        long lease = places().getFirst().getLease();
        assertThat(MEMBER.grpc()
                        .lease()
                        .leaseTimeToLive(
                                LeaseTimeToLiveRequest.newBuilder().setID(lease).build())
                        .getGrantedTTL())
                .isEqualTo(60);
    }

    @Test
    void lockWhenManyWantItGoesFromOneToTheNextInTheirOrder() {
        long first = lease();
        long second = lease();
        long third = lease();
        LockResponse held = answer(lock(first));
        Future<LockResponse> next = lock(second);
        awaitPlaces(2);
        Future<LockResponse> last = lock(third);
        awaitPlaces(3);
        assertThat(next).isNotDone();

        answer(MEMBER.grpc()
                .lock()
                .unlock(UnlockRequest.newBuilder().setKey(held.getKey()).build()));

        assertThat(answer(next).getKey()).isEqualTo(place(second));
        assertThat(last).isNotDone();
        MEMBER.grpc().revoke(second);
        assertThat(answer(last).getKey()).isEqualTo(place(third));
    }

    @Test
    void lockWhenOneInTheMiddleLeavesStaysWithItsHolder() {
        long first = lease();
        long second = lease();
        answer(lock(first));
        Future<LockResponse> middle = lock(second);
        awaitPlaces(2);
        Future<LockResponse> last = lock(lease());
        awaitPlaces(3);

        middle.cancel(true);
        awaitPlaces(2);
        assertThat(last).isNotDone();

        MEMBER.grpc().revoke(first);
        assertThat(answer(last).getKey()).isNotEmpty();
    }

    @Test
    void lockWhenItsLeaseEndsDuringTheWaitHasExpired() {
        long first = lease();
        long second = lease();
        answer(lock(first));
        Future<LockResponse> waiting = lock(second);
        awaitPlaces(2);

        MEMBER.grpc().revoke(second);
        MEMBER.grpc().revoke(first);

        Status status = refusal(waiting);
        assertThat(status.getCode()).isEqualTo(Status.Code.UNKNOWN);
        assertThat(status.getDescription()).isEqualTo("mutex: session is expired");
    }

    @Test
    void lockWhenTheLeaseIsUnknownTellsSoWithoutItsCode() {
        Status status = refusal(lock(4711));
        assertThat(status.getCode()).isEqualTo(Status.Code.UNKNOWN);
        assertThat(status.getDescription()).isEqualTo("etcdserver: requested lease not found");
    }

    @Test
    void unlockWhenNothingIsLockedIsFine() {
        assertThat(answer(MEMBER.grpc()
                                .lock()
                                .unlock(UnlockRequest.newBuilder().setKey(name).build()))
                        .getHeader()
                        .getRevision())
                .isPositive();
    }

    @Test
    void lockWhenAskedInJsonIsTheSame() {
        Http1Transport http = new Http1Transport(MEMBER.member().clientUrl());
        var reply = http.send("POST", "/v3/lock/lock", "{\"name\":\"anNvbg==\"}");
        assertThat(reply.status()).isEqualTo(200);
        String key = reply.json().get("key").asString();
        assertThat(http.send("POST", "/v3/lock/unlock", "{\"key\":\"" + key + "\"}")
                        .status())
                .isEqualTo(200);
        assertThat(http.send("POST", "/v3/election/leader", "{\"name\":\"bm9uZQ==\"}")
                        .body())
                .contains("election: no leader");
        http.close();
    }

    @Test
    void campaignWhenWonNamesThePlace() {
        long lease = lease();

        CampaignResponse won = answer(campaign(lease, "a"));

        LeaderKey leader = won.getLeader();
        assertThat(leader.getName()).isEqualTo(name);
        assertThat(leader.getKey()).isEqualTo(place(lease));
        assertThat(leader.getLease()).isEqualTo(lease);
        assertThat(leader.getRev()).isEqualTo(places().getFirst().getCreateRevision());
        assertThat(leader().getValue()).isEqualTo(text("a"));
    }

    @Test
    void campaignWhenRepeatedWithAnotherValueProclaimsIt() {
        long lease = lease();
        LeaderKey first = answer(campaign(lease, "a")).getLeader();

        assertThat(answer(campaign(lease, "b")).getLeader()).isEqualTo(first);

        assertThat(leader().getValue()).isEqualTo(text("b"));
        assertThat(places()).hasSize(1);
    }

    @Test
    void campaignWhenAnotherLeadsWaitsForItsEnd() {
        LeaderKey first = answer(campaign(lease(), "a")).getLeader();
        Future<CampaignResponse> second = campaign(lease(), "b");
        awaitPlaces(2);
        assertThat(second).isNotDone();
        assertThat(leader().getValue()).isEqualTo(text("a"));

        resign(first);

        answer(second);
        assertThat(leader().getValue()).isEqualTo(text("b"));
    }

    @Test
    void campaignWhenCancelledLeavesTheQueue() {
        answer(campaign(lease(), "a"));
        Future<CampaignResponse> second = campaign(lease(), "b");
        awaitPlaces(2);

        second.cancel(true);

        awaitPlaces(1);
    }

    @Test
    void proclaimWhenLeadingChangesTheValueAndElseIsRefused() {
        LeaderKey leader = answer(campaign(lease(), "a")).getLeader();
        proclaim(leader, "b");
        assertThat(leader().getValue()).isEqualTo(text("b"));

        resign(leader);

        Status status = refusal(MEMBER.grpc()
                .election()
                .proclaim(ProclaimRequest.newBuilder()
                        .setLeader(leader)
                        .setValue(text("c"))
                        .build()));
        assertThat(status.getDescription()).isEqualTo("election: not leader");
        resign(leader);
    }

    @Test
    void electionWhenNobodyIsNamedTellsWhatIsMissing() {
        String text = "\"leader\" field must be provided";
        assertThat(refusal(MEMBER.grpc().election().proclaim(ProclaimRequest.getDefaultInstance()))
                        .getDescription())
                .isEqualTo(text);
        assertThat(refusal(MEMBER.grpc().election().resign(ResignRequest.getDefaultInstance()))
                        .getDescription())
                .isEqualTo(text);
        assertThat(refusal(MEMBER.grpc()
                                .election()
                                .leader(LeaderRequest.newBuilder().setName(name).build()))
                        .getDescription())
                .isEqualTo("election: no leader");
    }

    @Test
    void observeWhenLeadersComeAndGoTellsOfEachAndItsValues() {
        StreamRecorder<LeaderResponse> seen = new StreamRecorder<>();
        MEMBER.grpc()
                .electionStreams()
                .observe(LeaderRequest.newBuilder().setName(name).build(), seen);
        LeaderKey first = answer(campaign(lease(), "a")).getLeader();
        assertThat(seen.next().getKv().getValue()).isEqualTo(text("a"));
        proclaim(first, "b");
        assertThat(seen.next().getKv().getValue()).isEqualTo(text("b"));
        Future<CampaignResponse> second = campaign(lease(), "c");
        awaitPlaces(2);
        resign(first);
        LeaderKey next = answer(second).getLeader();
        assertThat(seen.next().getKv().getValue()).isEqualTo(text("c"));
        resign(next);
        answer(campaign(lease(), "d"));
        LeaderResponse last = seen.next();
        assertThat(last.getKv().getValue()).isEqualTo(text("d"));
        assertThat(last.getHeader().getRevision()).isEqualTo(last.getKv().getModRevision());
        assertThat(last.getHeader().getMemberId()).isNotZero();
        assertThat(seen.hasEnded()).isFalse();
    }

    @Test
    void turnWhenThePlaceBeforeIsDeletedByHandComes() {
        LockResponse held = answer(lock(lease()));
        Future<LockResponse> waiting = lock(lease());
        awaitPlaces(2);

        MEMBER.grpc()
                .kv()
                .deleteRange(
                        DeleteRangeRequest.newBuilder().setKey(held.getKey()).build());

        assertThat(answer(waiting).getKey()).isNotEmpty();
    }

    private KeyValue leader() {
        return answer(MEMBER.grpc()
                        .election()
                        .leader(LeaderRequest.newBuilder().setName(name).build()))
                .getKv();
    }

    private static void proclaim(LeaderKey leader, String value) {
        answer(MEMBER.grpc()
                .election()
                .proclaim(ProclaimRequest.newBuilder()
                        .setLeader(leader)
                        .setValue(text(value))
                        .build()));
    }

    private static void resign(LeaderKey leader) {
        answer(MEMBER.grpc()
                .election()
                .resign(ResignRequest.newBuilder().setLeader(leader).build()));
    }
}
