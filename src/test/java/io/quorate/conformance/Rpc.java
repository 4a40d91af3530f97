package io.quorate.conformance;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.quorate.proto.AuthGrpc;
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
    LEASE_LEASES(LeaseGrpc.getLeaseLeasesMethod(), "/v3/lease/leases"),
    AUTHENTICATE(AuthGrpc.getAuthenticateMethod(), "/v3/auth/authenticate"),
    AUTH_ENABLE(AuthGrpc.getAuthEnableMethod(), "/v3/auth/enable"),
    AUTH_DISABLE(AuthGrpc.getAuthDisableMethod(), "/v3/auth/disable"),
    AUTH_STATUS(AuthGrpc.getAuthStatusMethod(), "/v3/auth/status"),
    USER_ADD(AuthGrpc.getUserAddMethod(), "/v3/auth/user/add"),
    USER_DELETE(AuthGrpc.getUserDeleteMethod(), "/v3/auth/user/delete"),
    USER_CHANGE_PASSWORD(AuthGrpc.getUserChangePasswordMethod(), "/v3/auth/user/changepw"),
    USER_GET(AuthGrpc.getUserGetMethod(), "/v3/auth/user/get"),
    USER_LIST(AuthGrpc.getUserListMethod(), "/v3/auth/user/list"),
    USER_GRANT_ROLE(AuthGrpc.getUserGrantRoleMethod(), "/v3/auth/user/grant"),
    USER_REVOKE_ROLE(AuthGrpc.getUserRevokeRoleMethod(), "/v3/auth/user/revoke"),
    ROLE_ADD(AuthGrpc.getRoleAddMethod(), "/v3/auth/role/add"),
    ROLE_DELETE(AuthGrpc.getRoleDeleteMethod(), "/v3/auth/role/delete"),
    ROLE_GET(AuthGrpc.getRoleGetMethod(), "/v3/auth/role/get"),
    ROLE_LIST(AuthGrpc.getRoleListMethod(), "/v3/auth/role/list"),
    ROLE_GRANT_PERMISSION(AuthGrpc.getRoleGrantPermissionMethod(), "/v3/auth/role/grant"),
    ROLE_REVOKE_PERMISSION(AuthGrpc.getRoleRevokePermissionMethod(), "/v3/auth/role/revoke");

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
