package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.quorate.api.error.WireErrors;
import io.quorate.base.RequestError;
import io.quorate.fixture.Http1Transport;
import io.quorate.fixture.HttpReply;
import io.quorate.fixture.MemberExtension;
import io.quorate.fixture.StreamRecorder;
import io.quorate.fixture.WatchSession;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmRequest.AlarmAction;
import io.quorate.proto.AlarmType;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.Compare;
import io.quorate.proto.Compare.CompareResult;
import io.quorate.proto.Compare.CompareTarget;
import io.quorate.proto.DefragmentRequest;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseGrantResponse;
import io.quorate.proto.LeaseKeepAliveRequest;
import io.quorate.proto.LeaseKeepAliveResponse;
import io.quorate.proto.LeaseTimeToLiveRequest;
import io.quorate.proto.MemberListRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeRequest.SortTarget;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.TxnResponse;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchResponse;
import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The traps of section 9 of docs/etcd-v3.md, one test for each that one member can fall into; the number is the trap's.
 *
 * <p>Tested elsewhere: 17 (a write that outgrows the quota when applied is there all the same) in {@code AlarmTests}, and
 * of 16 what a new leader adds in {@code LeaseManagerTests}. Waiting for users: 2 and 24. Waiting for more members, or for
 * snapshots that etcd's tools read: 9 (a transaction of nothing but comparisons may be stale), 19 and 22.
 */
class TrapsIT {

    @RegisterExtension
    static final MemberExtension MEMBER = new MemberExtension();

    private ByteString key(String name) {
        return ByteString.copyFromUtf8(MEMBER.prefix() + name);
    }

    private static ByteString text(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private long put(String name, String value) {
        return MEMBER.grpc().put(MEMBER.prefix() + name, value).getHeader().getRevision();
    }

    private static long revision() {
        return MEMBER.grpc().get("none").getHeader().getRevision();
    }

    private RangeRequest.Builder all() {
        return RangeRequest.newBuilder()
                .setKey(key(""))
                .setRangeEnd(text(MEMBER.prefix().replace('/', '0')));
    }

    private static RangeResponse range(RangeRequest.Builder request) {
        return MEMBER.grpc().kv().range(request.build());
    }

    private static List<String> values(RangeResponse response) {
        return response.getKvsList().stream()
                .map(kv -> kv.getValue().toStringUtf8())
                .toList();
    }

    private static TxnResponse txn(TxnRequest.Builder request) {
        return MEMBER.grpc().kv().txn(request.build());
    }

    private static long grant(long ttl) {
        return MEMBER.grpc().grant(ttl);
    }

    private static Status refusal(Runnable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call::run).getStatus();
    }

    private RequestOp putOp(String name, String value) {
        return RequestOp.newBuilder()
                .setRequestPut(PutRequest.newBuilder().setKey(key(name)).setValue(text(value)))
                .build();
    }

    private RequestOp rangeOp(String name, long revision) {
        return RequestOp.newBuilder()
                .setRequestRange(RangeRequest.newBuilder().setKey(key(name)).setRevision(revision))
                .build();
    }

    @Test
    void trap1OverloadWhenToldHasEtcdsTextWhichDecides() {
        assertThat(WireErrors.status(RequestError.TOO_MANY_REQUESTS).getDescription())
                .isEqualTo("etcdserver: too many requests");
    }

    @Test
    void trap3RevisionWhenNothingChangesStays() {
        long before = put("k", "v");
        MEMBER.grpc()
                .kv()
                .deleteRange(DeleteRangeRequest.newBuilder().setKey(key("none")).build());
        txn(TxnRequest.newBuilder().addSuccess(rangeOp("k", 0)));
        grant(60);
        assertThat(revision()).isEqualTo(before);
        assertThat(put("k", "v")).as("a put of the same value").isEqualTo(before + 1);
    }

    @Test
    void trap4CompactedRevisionWhenReadIsThere() {
        put("k", "1");
        long compacted = put("k", "2");
        put("k", "3");
        CompactionRequest compaction =
                CompactionRequest.newBuilder().setRevision(compacted).build();
        MEMBER.grpc().kv().compact(compaction);

        assertThat(values(range(RangeRequest.newBuilder().setKey(key("k")).setRevision(compacted))))
                .containsExactly("2");
        try (WatchSession watch = WatchSession.open(MEMBER.grpc())) {
            watch.create(WatchCreateRequest.newBuilder().setKey(key("k")).setStartRevision(compacted));
            assertThat(watch.events(2))
                    .extracting(event -> event.getKv().getValue())
                    .containsExactly(text("2"), text("3"));
        }
        Status again = refusal(() -> MEMBER.grpc().kv().compact(compaction));
        assertThat(again.getDescription()).isEqualTo("etcdserver: mvcc: required revision has been compacted");
        Status physical = refusal(() -> MEMBER.grpc()
                .kv()
                .compact(compaction.toBuilder().setPhysical(true).build()));
        assertThat(physical.getCode()).isEqualTo(Status.Code.OUT_OF_RANGE);
    }

    @Test
    void trap5CountWhenLimitedAndFilteredIsOfAll() {
        long lease = grant(60);
        long first = put("a", "1");
        put("b", "2");
        MEMBER.grpc()
                .kv()
                .put(PutRequest.newBuilder().setKey(key("c")).setLease(lease).build());
        RangeResponse limited = range(all().setLimit(1).setMaxModRevision(first));
        assertThat(limited.getCount()).isEqualTo(3);
        assertThat(limited.getKvsCount()).isEqualTo(1);
        assertThat(limited.getMore()).isFalse();
        assertThat(range(all().setKeysOnly(true)).getKvsList())
                .extracting(KeyValue::getLease)
                .containsOnly(0L);
    }

    @Test
    void trap6LimitWhenOnlyATargetIsGivenComesFirst() {
        put("a", "3");
        put("b", "1");
        put("c", "2");
        put("d", "0");
        assertThat(values(range(all().setSortTarget(SortTarget.VALUE).setLimit(2))))
                .as("of a, b and c, the first two by value")
                .containsExactly("1", "2");
    }

    @ParameterizedTest
    @EnumSource(
            value = CompareResult.class,
            names = {"EQUAL", "NOT_EQUAL", "LESS", "GREATER"})
    void trap7ValueWhenTheKeyIsMissingComparesToNothing(CompareResult result) {
        Compare value = Compare.newBuilder()
                .setKey(key("none"))
                .setTarget(CompareTarget.VALUE)
                .setResult(result)
                .build();
        assertThat(txn(TxnRequest.newBuilder().addCompare(value)).getSucceeded())
                .isFalse();
        for (CompareTarget target :
                List.of(CompareTarget.VERSION, CompareTarget.CREATE, CompareTarget.MOD, CompareTarget.LEASE)) {
            assertThat(txn(TxnRequest.newBuilder().addCompare(value.toBuilder().setTarget(target)))
                            .getSucceeded())
                    .as("%s is 0", target)
                    .isEqualTo(result == CompareResult.EQUAL);
        }
    }

    @Test
    void trap8BranchesWhenNestedAreChosenBeforeTheFirstWrite() {
        long before = put("k", "old");
        Compare isOld = Compare.newBuilder()
                .setKey(key("k"))
                .setTarget(CompareTarget.VALUE)
                .setResult(CompareResult.EQUAL)
                .setValue(text("old"))
                .build();
        TxnRequest nested = TxnRequest.newBuilder()
                .addCompare(isOld)
                .addSuccess(putOp("chosen", "old"))
                .addFailure(putOp("chosen", "new"))
                .build();
        TxnResponse response = txn(TxnRequest.newBuilder()
                .addSuccess(rangeOp("k", 0))
                .addSuccess(putOp("k", "new"))
                .addSuccess(rangeOp("k", 0))
                .addSuccess(RequestOp.newBuilder().setRequestTxn(nested)));

        assertThat(response.getHeader().getRevision()).isEqualTo(before + 1);
        assertThat(values(response.getResponses(0).getResponseRange())).containsExactly("old");
        assertThat(response.getResponses(0).getResponseRange().getHeader().getRevision())
                .isEqualTo(before);
        assertThat(values(response.getResponses(2).getResponseRange())).containsExactly("new");
        assertThat(response.getResponses(2).getResponseRange().getHeader().getRevision())
                .isEqualTo(before + 1);
        assertThat(values(range(RangeRequest.newBuilder().setKey(key("chosen")))))
                .containsExactly("old");
        assertThat(range(all()).getKvsList())
                .extracting(KeyValue::getModRevision)
                .as("one revision for all")
                .containsOnly(before + 1);
    }

    @Test
    void trap10RevisionWhenNegativeIsTheNewestInARangeAndCompactedInATxn() {
        put("k", "v");
        assertThat(values(range(RangeRequest.newBuilder().setKey(key("k")).setRevision(-2))))
                .containsExactly("v");
        Status refusal = refusal(
                () -> txn(TxnRequest.newBuilder().addSuccess(rangeOp("k", -2)).addSuccess(putOp("other", "1"))));
        assertThat(refusal.getDescription()).isEqualTo("etcdserver: mvcc: required revision has been compacted");
        assertThat(range(RangeRequest.newBuilder().setKey(key("other"))).getCount())
                .isZero();
    }

    @Test
    void trap11WatchIdsWhenChosenBeginAtZeroAndAFailureIsMinusOne() {
        try (WatchSession watch = WatchSession.open(MEMBER.grpc())) {
            WatchCreateRequest.Builder request = WatchCreateRequest.newBuilder().setKey(key("k"));
            assertThat(watch.create(request).getWatchId()).isZero();
            assertThat(watch.create(request).getWatchId()).isEqualTo(1);
            WatchResponse twice = watch.create(request.setWatchId(1));
            assertThat(twice.getWatchId()).isEqualTo(-1);
            assertThat(twice.getCreated() && twice.getCanceled()).isTrue();
            assertThat(twice.getCancelReason()).isEqualTo("mvcc: duplicate watch ID provided on the WatchStream");
        }
    }

    @Test
    void trap12WatchWhenItsStartIsCompactedIsCreatedAndThenCancelled() {
        long first = put("k", "1");
        long compacted = put("k", "2");
        MEMBER.grpc().compact(compacted);
        try (WatchSession watch = WatchSession.open(MEMBER.grpc())) {
            WatchResponse created = watch.create(
                    WatchCreateRequest.newBuilder().setKey(key("k")).setStartRevision(first));
            assertThat(created.getCreated()).isTrue();
            assertThat(created.getCanceled()).isFalse();
            WatchResponse cancelled = watch.responses().next();
            assertThat(cancelled.getCanceled()).isTrue();
            assertThat(cancelled.getCompactRevision()).isEqualTo(compacted);
            assertThat(cancelled.getHeader().getRevision()).isZero();
            assertThat(cancelled.getCancelReason()).isEmpty();
        }
    }

    @Test
    void trap13ProgressWhenAnsweredHasNothingBehindIt() {
        try (WatchSession watch = WatchSession.open(MEMBER.grpc())) {
            watch.requestProgress();
            WatchResponse created = watch.create(WatchCreateRequest.newBuilder().setKey(key("k")));
            assertThat(created.getCreated()).as("no answer without a watcher").isTrue();
            long newest = put("k", "1");
            watch.requestProgress();
            assertThat(watch.events(1)).hasSize(1);
            WatchResponse progress = watch.responses().next();
            assertThat(progress.getWatchId()).isEqualTo(-1);
            assertThat(progress.getEventsList()).isEmpty();
            assertThat(progress.getHeader().getRevision()).isGreaterThanOrEqualTo(newest);
        }
        try (WatchSession watch = WatchSession.open(MEMBER.grpc())) {
            watch.create(WatchCreateRequest.newBuilder().setKey(key("k")).setStartRevision(revision() + 100));
            watch.requestProgress();
            watch.cancel(0);
            assertThat(watch.responses().next().getCanceled())
                    .as("no answer before the start is reached")
                    .isTrue();
        }
    }

    @Test
    void trap14WatchWhenHalfClosedGoesOn() {
        try (WatchSession watch = WatchSession.open(MEMBER.grpc())) {
            watch.create(WatchCreateRequest.newBuilder().setKey(key("k")));
            watch.halfClose();
            put("k", "1");
            assertThat(watch.events(1)).hasSize(1);
            assertThat(watch.responses().hasEnded()).isFalse();
        }
    }

    @Test
    void trap15LeaseWhenUnknownIsNoError() {
        StreamRecorder<LeaseKeepAliveResponse> answers = new StreamRecorder<>();
        StreamObserver<LeaseKeepAliveRequest> requests =
                MEMBER.grpc().leaseStreams().leaseKeepAlive(answers);
        requests.onNext(LeaseKeepAliveRequest.newBuilder().setID(4711).build());
        LeaseKeepAliveResponse answer = answers.next();
        assertThat(answer.getID()).isEqualTo(4711);
        assertThat(answer.getTTL()).isZero();
        requests.onCompleted();
        var left = MEMBER.grpc()
                .lease()
                .leaseTimeToLive(LeaseTimeToLiveRequest.newBuilder().setID(4711).build());
        assertThat(left.getTTL()).isEqualTo(-1);
        assertThat(left.getID()).isEqualTo(4711);
    }

    @Test
    void trap16LeaseWhenShortLivesTwoSeconds() {
        for (long ttl : new long[] {-5, 0, 1}) {
            LeaseGrantResponse granted = MEMBER.grpc()
                    .lease()
                    .leaseGrant(LeaseGrantRequest.newBuilder().setTTL(ttl).build());
            assertThat(granted.getTTL()).isEqualTo(2);
        }
    }

    @Test
    void trap18CorruptWhenRaisedStopsWritesAndNotReads() {
        put("k", "v");
        alarm(AlarmAction.ACTIVATE, 77);
        try {
            Status refusal = refusal(() -> put("k", "w"));
            assertThat(refusal.getCode()).isEqualTo(Status.Code.DATA_LOSS);
            assertThat(refusal.getDescription()).isEqualTo("etcdserver: corrupt cluster");
            assertThat(values(range(all()))).containsExactly("v");
            assertThat(alarm(AlarmAction.DEACTIVATE, 0)).as("0 is no wildcard").isZero();
            assertThat(refusal(() -> put("k", "w")).getCode()).isEqualTo(Status.Code.DATA_LOSS);
        } finally {
            assertThat(alarm(AlarmAction.DEACTIVATE, 77)).isEqualTo(1);
        }
        put("k", "w");
    }

    private static int alarm(AlarmAction action, long member) {
        return MEMBER.grpc()
                .maintenance()
                .alarm(AlarmRequest.newBuilder()
                        .setAction(action)
                        .setMemberID(member)
                        .setAlarm(AlarmType.CORRUPT)
                        .build())
                .getAlarmsCount();
    }

    @Test
    void trap20HeadersWhenOfTheClusterHaveNoRevision() {
        put("k", "v");
        var header = MEMBER.grpc()
                .cluster()
                .memberList(MemberListRequest.getDefaultInstance())
                .getHeader();
        assertThat(header.getRevision()).isZero();
        assertThat(header.getRaftTerm()).isPositive();
        assertThat(header.getMemberId()).isNotZero();
        assertThat(MEMBER.grpc()
                        .maintenance()
                        .defragment(DefragmentRequest.getDefaultInstance())
                        .hasHeader())
                .isFalse();
    }

    @Test
    void trap21JsonWhenAnsweredOmitsZerosAndQuotesLongNumbers() {
        Http1Transport http = new Http1Transport(MEMBER.member().clientUrl());
        HttpReply nothing = http.send("POST", "/v3/kv/range", "{\"key\":\"bm9uZQ==\"}");
        assertThat(nothing.json().has("count")).isFalse();
        assertThat(nothing.json().get("header").get("revision").isString()).isTrue();
        HttpReply method = http.send("GET", "/v3/kv/range", "");
        assertThat(method.status()).isEqualTo(501);
        assertThat(method.json().get("code").asInt()).isEqualTo(12);
        HttpReply bad = http.send("POST", "/v3/kv/range", "{}");
        assertThat(bad.status()).isEqualTo(400);
        assertThat(bad.json().get("message").asString()).isEqualTo("etcdserver: key is not provided");
        http.close();
    }

    @Test
    void trap23MemberWhenItServesIsKnownToItsCluster() {
        assertThat(MEMBER.grpc()
                        .cluster()
                        .memberList(MemberListRequest.getDefaultInstance())
                        .getMembersList())
                .singleElement()
                .satisfies(self -> {
                    assertThat(self.getName()).isEqualTo("default");
                    assertThat(self.getClientURLsList())
                            .containsExactly(MEMBER.member().clientUrl());
                });
    }

    @Test
    void trap25KeysWhenTheirLeaseIsRevokedGoInOrder() {
        long lease = grant(60);
        Stream.of("c", "a", "d", "b")
                .forEach(name -> MEMBER.grpc()
                        .kv()
                        .put(PutRequest.newBuilder()
                                .setKey(key(name))
                                .setLease(lease)
                                .build()));
        try (WatchSession watch = WatchSession.open(MEMBER.grpc())) {
            watch.create(WatchCreateRequest.newBuilder()
                    .setKey(key(""))
                    .setRangeEnd(text(MEMBER.prefix().replace('/', '0'))));
            MEMBER.grpc().revoke(lease);
            List<Event> events = watch.events(4);
            assertThat(events)
                    .extracting(event -> event.getKv().getKey())
                    .containsExactly(key("a"), key("b"), key("c"), key("d"));
            assertThat(events)
                    .extracting(event -> event.getKv().getModRevision())
                    .containsOnly(revision());
        }
    }
}
