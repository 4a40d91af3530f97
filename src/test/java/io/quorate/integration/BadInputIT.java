package io.quorate.integration;

import static io.grpc.Status.Code.FAILED_PRECONDITION;
import static io.grpc.Status.Code.INVALID_ARGUMENT;
import static io.grpc.Status.Code.NOT_FOUND;
import static io.grpc.Status.Code.OUT_OF_RANGE;
import static io.grpc.Status.Code.RESOURCE_EXHAUSTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.MemberExtension;
import io.quorate.fixture.WatchSession;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.Compare;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseRevokeRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchResponse;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What no honest client sends: each request gets etcd's code and text, says nothing about the inside of the server, and
 * changes nothing.
 */
class BadInputIT {

    @RegisterExtension
    static final MemberExtension MEMBER = new MemberExtension();

    /** What must be in no answer: names of classes, and the lines of a stack trace. */
    static final Pattern INSIDES = Pattern.compile(
            "Exception|\\bjava\\.|io\\.quorate|io\\.grpc|com\\.google|springframework|tomcat|Caused by|\\n\\s*at ");

    private static final String COMPACTED = "etcdserver: mvcc: required revision has been compacted";
    private static final String FUTURE = "etcdserver: mvcc: required revision is a future revision";
    private static final String NO_KEY = "etcdserver: key is not provided";
    private static final String NO_LEASE = "etcdserver: requested lease not found";
    private static final String TOO_MANY = "etcdserver: too many operations in txn request";
    private static final String DUPLICATE = "etcdserver: duplicate key given in txn request";
    private static final long KNOWN_LEASE = 4242;
    private static final int UNKNOWN_NUMBER = 99;

    private long revision;

    /** One request, told by what it does wrong. */
    interface Call {
        void run(GrpcConnection grpc);
    }

    @BeforeEach
    void remember() {
        MEMBER.grpc().put("canary", "alive");
        MEMBER.grpc().put("canary", "alive");
        revision = MEMBER.grpc().get("canary").getHeader().getRevision();
    }

    @AfterEach
    void nothingChanged() {
        var canary = MEMBER.grpc().get("canary");
        assertThat(canary.getKvs(0).getValue().toStringUtf8()).isEqualTo("alive");
        assertThat(canary.getHeader().getRevision()).isEqualTo(revision);
    }

    static Stream<Arguments> refusedRequests() {
        return Stream.concat(refusedKv(), Stream.concat(refusedTxn(), refusedLease()));
    }

    private static Stream<Arguments> refusedKv() {
        return Stream.of(
                refused(
                        "range without key",
                        INVALID_ARGUMENT,
                        NO_KEY,
                        grpc -> grpc.kv().range(range(""))),
                refused(
                        "put without key",
                        INVALID_ARGUMENT,
                        NO_KEY,
                        grpc -> grpc.kv().put(put(""))),
                refused(
                        "delete without key",
                        INVALID_ARGUMENT,
                        NO_KEY,
                        grpc -> grpc.kv().deleteRange(DeleteRangeRequest.getDefaultInstance())),
                refused(
                        "ignore_value with a value",
                        INVALID_ARGUMENT,
                        "etcdserver: value is provided",
                        grpc -> grpc.kv()
                                .put(put("k").toBuilder().setIgnoreValue(true).build())),
                refused(
                        "ignore_lease with a lease",
                        INVALID_ARGUMENT,
                        "etcdserver: lease is provided",
                        grpc -> grpc.kv()
                                .put(put("k").toBuilder()
                                        .setIgnoreLease(true)
                                        .setLease(1)
                                        .build())),
                refused(
                        "ignore_value of nothing",
                        INVALID_ARGUMENT,
                        "etcdserver: key not found",
                        grpc -> grpc.kv()
                                .put(put("none").toBuilder()
                                        .clearValue()
                                        .setIgnoreValue(true)
                                        .build())),
                refused(
                        "put with unknown lease",
                        NOT_FOUND,
                        NO_LEASE,
                        grpc -> grpc.kv()
                                .put(put("k").toBuilder().setLease(123456).build())),
                refused(
                        "unknown sort order",
                        INVALID_ARGUMENT,
                        "etcdserver: invalid sort option",
                        grpc -> grpc.kv()
                                .range(range("k").toBuilder()
                                        .setSortOrderValue(UNKNOWN_NUMBER)
                                        .build())),
                refused(
                        "unknown sort target",
                        INVALID_ARGUMENT,
                        "etcdserver: invalid sort option",
                        grpc -> grpc.kv()
                                .range(range("k").toBuilder()
                                        .setSortTargetValue(UNKNOWN_NUMBER)
                                        .build())),
                refused(
                        "range in the future",
                        OUT_OF_RANGE,
                        FUTURE,
                        grpc -> grpc.kv()
                                .range(range("k").toBuilder()
                                        .setRevision(1_000_000)
                                        .build())),
                refused("range in the compacted past", OUT_OF_RANGE, COMPACTED, grpc -> {
                    compactCanary(grpc);
                    grpc.kv().range(range("canary").toBuilder().setRevision(1).build());
                }),
                refused("compaction in the past", OUT_OF_RANGE, COMPACTED, grpc -> {
                    compactCanary(grpc);
                    compactCanary(grpc);
                }),
                refused(
                        "compaction in the future",
                        OUT_OF_RANGE,
                        FUTURE,
                        grpc -> grpc.kv()
                                .compact(CompactionRequest.newBuilder()
                                        .setRevision(1_000_000)
                                        .build())),
                refused(
                        "value over max-request-bytes",
                        INVALID_ARGUMENT,
                        "etcdserver: request is too large",
                        grpc -> grpc.kv()
                                .put(put("k").toBuilder()
                                        .setValue(zeros(1536 * 1024))
                                        .build())),
                refused(
                        "message over 2 MiB",
                        RESOURCE_EXHAUSTED,
                        null,
                        grpc -> grpc.kv()
                                .put(put("k").toBuilder()
                                        .setValue(zeros(2 << 20))
                                        .build())));
    }

    private static Stream<Arguments> refusedTxn() {
        RequestOp put = op(put("k"));
        RequestOp delete = RequestOp.newBuilder()
                .setRequestDeleteRange(
                        DeleteRangeRequest.newBuilder().setKey(key("a")).setRangeEnd(key("z")))
                .build();
        RequestOp past = RequestOp.newBuilder()
                .setRequestRange(range("k").toBuilder().setRevision(-2))
                .build();
        RequestOp future = RequestOp.newBuilder()
                .setRequestRange(range("k").toBuilder().setRevision(1_000_000))
                .build();
        List<RequestOp> many =
                IntStream.range(0, 129).mapToObj(i -> op(put("k" + i))).toList();
        List<Compare> manyCompares = IntStream.range(0, 129)
                .mapToObj(i -> Compare.newBuilder().setKey(key("k" + i)).build())
                .toList();
        return Stream.of(
                txn("129 operations", INVALID_ARGUMENT, TOO_MANY, then().addAllSuccess(many)),
                txn("129 operations in else", INVALID_ARGUMENT, TOO_MANY, then().addAllFailure(many)),
                txn("129 compares", INVALID_ARGUMENT, TOO_MANY, then().addAllCompare(manyCompares)),
                txn(
                        "127 + 2 nested operations",
                        INVALID_ARGUMENT,
                        TOO_MANY,
                        then().addAllSuccess(many.subList(0, 126)).addSuccess(nested(many.subList(126, 129)))),
                txn(
                        "two puts of a key",
                        INVALID_ARGUMENT,
                        DUPLICATE,
                        then().addSuccess(put).addSuccess(put)),
                txn(
                        "put, then delete of it",
                        INVALID_ARGUMENT,
                        DUPLICATE,
                        then().addSuccess(put).addSuccess(delete)),
                txn("delete, then put below it", INVALID_ARGUMENT, DUPLICATE, then(delete, put)),
                txn("put and nested put", INVALID_ARGUMENT, DUPLICATE, then(put, nested(List.of(put)))),
                txn(
                        "duplicate in the other branch",
                        INVALID_ARGUMENT,
                        DUPLICATE,
                        then().addFailure(put).addFailure(put)),
                txn("put without key", INVALID_ARGUMENT, NO_KEY, then(put, op(put("")))),
                txn(
                        "compare without key",
                        INVALID_ARGUMENT,
                        NO_KEY,
                        then(put).addCompare(Compare.getDefaultInstance())),
                txn(
                        "operation of no kind",
                        INVALID_ARGUMENT,
                        "etcdserver: key not found",
                        then(put, RequestOp.getDefaultInstance())),
                txn("range at a negative revision", OUT_OF_RANGE, COMPACTED, then(put, past)),
                txn("range in the future", OUT_OF_RANGE, FUTURE, then(put, future)),
                txn(
                        "put with unknown lease",
                        NOT_FOUND,
                        NO_LEASE,
                        then(put, op(put("l").toBuilder().setLease(123456).build()))));
    }

    private static Stream<Arguments> refusedLease() {
        return Stream.of(
                refused(
                        "revoke of an unknown lease",
                        NOT_FOUND,
                        NO_LEASE,
                        grpc -> grpc.lease()
                                .leaseRevoke(LeaseRevokeRequest.newBuilder()
                                        .setID(123456)
                                        .build())),
                refused("grant of a known id", FAILED_PRECONDITION, "etcdserver: lease already exists", grpc -> {
                    LeaseGrantRequest request = LeaseGrantRequest.newBuilder()
                            .setID(KNOWN_LEASE)
                            .setTTL(60)
                            .build();
                    grpc.lease().leaseGrant(request);
                    grpc.lease().leaseGrant(request);
                }),
                refused(
                        "grant for 300 years",
                        OUT_OF_RANGE,
                        "etcdserver: too large lease TTL",
                        grpc -> grpc.lease()
                                .leaseGrant(LeaseGrantRequest.newBuilder()
                                        .setTTL(9_000_000_001L)
                                        .build())));
    }

    private static Arguments refused(String what, Status.Code code, @Nullable String message, Call call) {
        return Arguments.of(what, code, message, call);
    }

    private static Arguments txn(String what, Status.Code code, String message, TxnRequest.Builder request) {
        return Arguments.of(
                "txn: " + what, code, message, (Call) grpc -> grpc.kv().txn(request.build()));
    }

    private static void compactCanary(GrpcConnection grpc) {
        long current = grpc.get("canary").getHeader().getRevision();
        grpc.compact(current);
    }

    private static RangeRequest range(String key) {
        return RangeRequest.newBuilder().setKey(key(key)).build();
    }

    private static PutRequest put(String key) {
        return PutRequest.newBuilder().setKey(key(key)).setValue(key("v")).build();
    }

    private static RequestOp op(PutRequest put) {
        return RequestOp.newBuilder().setRequestPut(put).build();
    }

    private static TxnRequest.Builder then(RequestOp... operations) {
        return TxnRequest.newBuilder().addAllSuccess(List.of(operations));
    }

    private static RequestOp nested(List<RequestOp> operations) {
        return RequestOp.newBuilder()
                .setRequestTxn(TxnRequest.newBuilder().addAllSuccess(operations))
                .build();
    }

    private static ByteString key(String key) {
        return ByteString.copyFromUtf8(key);
    }

    private static ByteString zeros(int count) {
        return ByteString.copyFrom(new byte[count]);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedRequests")
    void requestWhenRefusedHasCodeAndTextOfEtcd(String what, Status.Code code, @Nullable String message, Call call) {
        assumeTrue(MEMBER.member().isQuorate() || !what.startsWith("unknown sort"), "etcd 3.4 dies of it");
        StatusRuntimeException refusal =
                catchThrowableOfType(StatusRuntimeException.class, () -> call.run(MEMBER.grpc()));

        assertThat(refusal).as(what).isNotNull();
        assertThat(refusal.getStatus().getCode()).isEqualTo(code);
        if (message != null) { // else the text is that of the gRPC library
            assertThat(refusal.getStatus().getDescription()).isEqualTo(message);
        }
        assertThat(refusal.getStatus() + " " + refusal.getTrailers()).doesNotContainPattern(INSIDES);
    }

    @Test
    void watchWhenCreatedWronglyIsCancelledAndTheStreamGoesOn() {
        try (WatchSession session = WatchSession.open(MEMBER.grpc())) {
            WatchCreateRequest.Builder emptyRange =
                    WatchCreateRequest.newBuilder().setKey(key("b")).setRangeEnd(key("a"));
            refusedWatch(session.create(emptyRange), "mvcc: watcher range is empty");
            if (MEMBER.member().isQuorate()) { // 3.4 takes it for a start in the past
                refusedWatch(session.createForAll(-5), COMPACTED);
            }

            WatchResponse good = session.create(
                    WatchCreateRequest.newBuilder().setKey(key("canary")).setWatchId(7));
            assertThat(good.getCreated()).isTrue();
            assertThat(good.getWatchId()).isEqualTo(7);
            refusedWatch(
                    session.create(
                            WatchCreateRequest.newBuilder().setKey(key("x")).setWatchId(7)),
                    "mvcc: duplicate watch ID provided on the WatchStream");

            MEMBER.grpc().put("canary", "alive");
            revision++;
            assertThat(session.events(1).getFirst().getKv().getModRevision()).isEqualTo(revision);
        }
    }

    private static void refusedWatch(WatchResponse response, String reason) {
        assertThat(response.getCreated()).isTrue();
        assertThat(response.getCanceled()).isTrue();
        assertThat(response.getWatchId()).isEqualTo(-1);
        if (MEMBER.member().isQuorate()) { // 3.4 words some of the reasons otherwise
            assertThat(response.getCancelReason()).isEqualTo(reason);
        }
    }

    @Test
    void watchWhenStartIsCompactedIsCancelledAfterItWasCreated() {
        compactCanary(MEMBER.grpc());
        try (WatchSession session = WatchSession.open(MEMBER.grpc())) {
            WatchResponse created = session.createForAll(1);
            assertThat(created.getCreated()).isTrue();
            assertThat(created.getCanceled()).isFalse();

            WatchResponse cancelled = session.responses().next();

            assertThat(cancelled.getCanceled()).isTrue();
            assertThat(cancelled.getCompactRevision()).isEqualTo(revision);
            assertThat(cancelled.getHeader().getRevision()).isZero();
            assertThat(cancelled.getCancelReason()).isEmpty();
        }
    }
}
