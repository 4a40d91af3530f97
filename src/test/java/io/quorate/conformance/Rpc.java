package io.quorate.conformance;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.LeaseGrpc;

/** The calls with one request and one answer that programs make. */
enum Rpc {
    RANGE(KVGrpc.getRangeMethod(), "/v3/kv/range"),
    PUT(KVGrpc.getPutMethod(), "/v3/kv/put"),
    DELETE_RANGE(KVGrpc.getDeleteRangeMethod(), "/v3/kv/deleterange"),
    TXN(KVGrpc.getTxnMethod(), "/v3/kv/txn"),
    COMPACT(KVGrpc.getCompactMethod(), "/v3/kv/compaction"),
    LEASE_GRANT(LeaseGrpc.getLeaseGrantMethod(), "/v3/lease/grant"),
    LEASE_REVOKE(LeaseGrpc.getLeaseRevokeMethod(), "/v3/lease/revoke"),
    LEASE_TIME_TO_LIVE(LeaseGrpc.getLeaseTimeToLiveMethod(), "/v3/lease/timetolive"),
    LEASE_LEASES(LeaseGrpc.getLeaseLeasesMethod(), "/v3/lease/leases");

    private final MethodDescriptor<? extends Message, ? extends Message> method;
    private final String path;

    Rpc(MethodDescriptor<? extends Message, ? extends Message> method, String path) {
        this.method = method;
        this.path = path;
    }

    /** The call over gRPC; every request in a {@link Step.Call} is of its type. */
    @SuppressWarnings("unchecked")
    MethodDescriptor<Message, Message> method() {
        return (MethodDescriptor<Message, Message>) method;
    }

    /** Where the gateway offers it. */
    String path() {
        return path;
    }
}
