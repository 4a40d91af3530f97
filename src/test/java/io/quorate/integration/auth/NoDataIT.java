package io.quorate.integration.auth;

import static io.quorate.integration.auth.SecuredMember.ALICE;
import static io.quorate.integration.auth.SecuredMember.ROOT;
import static io.quorate.integration.auth.SecuredMember.kv;
import static io.quorate.integration.auth.SecuredMember.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.quorate.fixture.Http1Transport;
import io.quorate.fixture.MemberProcess;
import io.quorate.fixture.StreamRecorder;
import io.quorate.fixture.WatchSession;
import io.quorate.proto.Compare;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.HashKVRequest;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseGrpc;
import io.quorate.proto.LeaseLeasesRequest;
import io.quorate.proto.LeaseRevokeRequest;
import io.quorate.proto.LeaseTimeToLiveRequest;
import io.quorate.proto.MaintenanceGrpc;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.SnapshotRequest;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchGrpc;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who has no right to a key learns nothing of it by any path. Slow calls are logged, and each one is slow here. */
class NoDataIT {

    private static final String KEY = "hidden-key";
    private static final String OLD = "hidden-old-value";
    private static final String NEW = "hidden-new-value";
    private static final ByteString HIDDEN = ByteString.copyFromUtf8(KEY);
    private static final ByteString HIDDEN_END = ByteString.copyFromUtf8("hidden-kez");
    private static final ByteString OWN = ByteString.copyFromUtf8("a");

    private static SecuredMember secured;
    private static Channel alice;
    private static long lease;
    private static long oldRevision;

    @BeforeAll
    static void start() {
        secured = SecuredMember.start(new MemberProcess(Map.of(
                "warning-apply-duration", "1ns", "warning-unary-request-duration", "1ns", "metrics", "extensive")));
        Channel root = secured.as(ROOT);
        lease = LeaseGrpc.newBlockingStub(root)
                .leaseGrant(LeaseGrantRequest.newBuilder().setTTL(600).build())
                .getID();
        oldRevision = kv(root).put(put(KEY, OLD)).getHeader().getRevision();
        kv(root).put(put(KEY, NEW).toBuilder().setLease(lease).build());
        kv(root).put(put("a", "own"));
        alice = secured.as(ALICE);
    }

    @AfterAll
    static void stop() {
        secured.close();
    }

    private static void denied(ThrowingCallable call) {
        assertThatThrownBy(call).hasMessage("PERMISSION_DENIED: etcdserver: permission denied");
    }

    private static RangeRequest.Builder hidden() {
        return RangeRequest.newBuilder().setKey(HIDDEN);
    }

    private static RequestOp read(RangeRequest.Builder range) {
        return RequestOp.newBuilder().setRequestRange(range).build();
    }

    @Test
    void readsOfNowAndOfHistoryAreDenied() {
        denied(() -> kv(alice).range(hidden().build()));
        denied(() -> kv(alice).range(hidden().setRevision(oldRevision).build()));
        denied(() -> kv(alice).range(hidden().setSerializable(true).build()));
        denied(() -> kv(alice).range(hidden().setCountOnly(true).build()));
        denied(() -> kv(alice).range(hidden().setKeysOnly(true).build()));
        denied(() -> kv(alice)
                .range(hidden().setKey(OWN).setRangeEnd(HIDDEN_END).setLimit(1).build()));
        denied(() -> kv(alice)
                .range(hidden().setKey(WatchSession.ZERO)
                        .setRangeEnd(WatchSession.ZERO)
                        .build()));
        denied(() ->
                kv(alice).rangeStream(hidden().setRevision(oldRevision).build()).next());
    }

    @Test
    void writesThatWouldTellAreDenied() {
        denied(() -> kv(alice)
                .deleteRange(DeleteRangeRequest.newBuilder()
                        .setKey(HIDDEN)
                        .setPrevKv(true)
                        .build()));
        denied(() -> kv(alice)
                .put(PutRequest.newBuilder().setKey(HIDDEN).setPrevKv(true).build()));
        denied(() -> kv(alice)
                .put(PutRequest.newBuilder().setKey(OWN).setLease(lease).build()));
    }

    @Test
    void transactionsThatWouldTellInEitherBranchOrByComparingAreDenied() {
        denied(() ->
                kv(alice).txn(TxnRequest.newBuilder().addSuccess(read(hidden())).build()));
        denied(() ->
                kv(alice).txn(TxnRequest.newBuilder().addFailure(read(hidden())).build()));
        denied(() -> kv(alice)
                .txn(TxnRequest.newBuilder()
                        .addFailure(read(hidden().setRevision(oldRevision)))
                        .build()));
        denied(() -> kv(alice)
                .txn(TxnRequest.newBuilder()
                        .addCompare(Compare.newBuilder()
                                .setKey(HIDDEN)
                                .setTarget(Compare.CompareTarget.VALUE)
                                .setValue(ByteString.copyFromUtf8(NEW)))
                        .build()));
        denied(() -> kv(alice)
                .txn(TxnRequest.newBuilder()
                        .addFailure(RequestOp.newBuilder()
                                .setRequestTxn(TxnRequest.newBuilder().addFailure(read(hidden()))))
                        .build()));
    }

    @Test
    void watchersOfOldRevisionsAreRefusedAndOwnOnesTellOwnKeysAlone() {
        StreamRecorder<WatchResponse> answers = new StreamRecorder<>();
        var requests = WatchGrpc.newStub(alice).watch(answers);
        requests.onNext(watch(WatchCreateRequest.newBuilder().setKey(HIDDEN).setStartRevision(1)));
        assertRefused(answers.next());
        requests.onNext(watch(WatchCreateRequest.newBuilder()
                .setKey(WatchSession.ZERO)
                .setRangeEnd(WatchSession.ZERO)
                .setStartRevision(1)
                .setPrevKv(true)));
        assertRefused(answers.next());
        requests.onNext(watch(
                WatchCreateRequest.newBuilder().setKey(OWN).setStartRevision(1).setPrevKv(true)));
        assertThat(answers.next().getCanceled()).isFalse();
        assertThat(answers.next().getEventsList())
                .singleElement()
                .satisfies(event -> assertThat(event.getKv().getKey()).isEqualTo(OWN));
        requests.onCompleted();
    }

    private static WatchRequest watch(WatchCreateRequest.Builder create) {
        return WatchRequest.newBuilder().setCreateRequest(create).build();
    }

    private static void assertRefused(WatchResponse answer) {
        assertThat(answer.getCanceled()).isTrue();
        assertThat(answer.getCancelReason()).endsWith("etcdserver: permission denied");
        assertThat(answer.getEventsList()).isEmpty();
    }

    @Test
    void leasesTellNobodyOfKeysThatAreNotHis() {
        LeaseGrpc.LeaseBlockingStub leases = LeaseGrpc.newBlockingStub(alice);
        denied(() -> leases.leaseTimeToLive(
                LeaseTimeToLiveRequest.newBuilder().setID(lease).setKeys(true).build()));
        denied(() -> leases.leaseLeases(LeaseLeasesRequest.getDefaultInstance()));
        denied(() ->
                leases.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(lease).build()));
        assertThat(leases.leaseTimeToLive(
                                LeaseTimeToLiveRequest.newBuilder().setID(lease).build())
                        .getKeysList())
                .isEmpty();
    }

    @Test
    void maintenanceTellsNothing() {
        MaintenanceGrpc.MaintenanceBlockingStub maintenance = MaintenanceGrpc.newBlockingStub(alice);
        denied(() -> maintenance.hashKV(HashKVRequest.getDefaultInstance()));
        denied(() -> maintenance.snapshot(SnapshotRequest.getDefaultInstance()).next());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void jsonDeniesTheSame() {
        try (Http1Transport json = secured.jsonAs(ALICE)) {
            for (String path : new String[] {"/v3/kv/range", "/v3/kv/deleterange", "/v3/watch"}) {
                String request = "{\"key\":\"" + base64(KEY) + "\",\"prev_kv\":true}";
                String body = path.endsWith("watch") ? "{\"create_request\":" + request + "}" : request;
                if (path.endsWith("watch")) {
                    try (var stream = json.stream(path, body)) {
                        assertThat(stream.nextLine())
                                .contains("permission denied")
                                .doesNotContain(base64(NEW));
                    }
                } else {
                    var reply = json.send("POST", path, body.replace(",\"prev_kv\":true", ""));
                    assertThat(reply.status()).isEqualTo(403);
                    assertThat(reply.body()).contains("permission denied");
                }
            }
        }
    }

    /** Neither labels of metrics, nor the actuator, nor lines of slow calls, of which there are some. */
    @Test
    void pagesAndLogTellNeitherValuesNorPasswordsNorTokens() {
        kv(secured.as(ROOT)).range(hidden().build());
        try (Http1Transport pages = new Http1Transport(secured.member().managementUrl())) {
            for (String path : new String[] {"/metrics", "/actuator/prometheus", "/actuator/health", "/health"}) {
                assertThat(pages.send("GET", path, "").body()).isNotEmpty().doesNotContain("hidden-", "hush-", ALICE);
            }
        }
        assertThat(secured.member().output())
                .contains("took")
                .doesNotContain(OLD, NEW, "hush-", secured.token(ROOT), secured.token(ALICE), base64(NEW));
    }
}
