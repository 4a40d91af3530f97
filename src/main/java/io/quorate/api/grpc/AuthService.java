package io.quorate.api.grpc;

import com.google.protobuf.Message;
import io.grpc.stub.StreamObserver;
import io.quorate.base.RequestException;
import io.quorate.identity.Passwords;
import io.quorate.proto.AuthDisableRequest;
import io.quorate.proto.AuthDisableResponse;
import io.quorate.proto.AuthEnableRequest;
import io.quorate.proto.AuthEnableResponse;
import io.quorate.proto.AuthGrpc;
import io.quorate.proto.AuthRoleAddRequest;
import io.quorate.proto.AuthRoleAddResponse;
import io.quorate.proto.AuthRoleDeleteRequest;
import io.quorate.proto.AuthRoleDeleteResponse;
import io.quorate.proto.AuthRoleGetRequest;
import io.quorate.proto.AuthRoleGetResponse;
import io.quorate.proto.AuthRoleGrantPermissionRequest;
import io.quorate.proto.AuthRoleGrantPermissionResponse;
import io.quorate.proto.AuthRoleListRequest;
import io.quorate.proto.AuthRoleListResponse;
import io.quorate.proto.AuthRoleRevokePermissionRequest;
import io.quorate.proto.AuthRoleRevokePermissionResponse;
import io.quorate.proto.AuthStatusRequest;
import io.quorate.proto.AuthStatusResponse;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.AuthUserAddResponse;
import io.quorate.proto.AuthUserChangePasswordRequest;
import io.quorate.proto.AuthUserChangePasswordResponse;
import io.quorate.proto.AuthUserDeleteRequest;
import io.quorate.proto.AuthUserDeleteResponse;
import io.quorate.proto.AuthUserGetRequest;
import io.quorate.proto.AuthUserGetResponse;
import io.quorate.proto.AuthUserGrantRoleRequest;
import io.quorate.proto.AuthUserGrantRoleResponse;
import io.quorate.proto.AuthUserListRequest;
import io.quorate.proto.AuthUserListResponse;
import io.quorate.proto.AuthUserRevokeRoleRequest;
import io.quorate.proto.AuthUserRevokeRoleResponse;
import io.quorate.proto.AuthenticateRequest;
import io.quorate.proto.AuthenticateResponse;
import io.quorate.proto.InternalRaftRequest;
import java.util.function.Function;
import lombok.RequiredArgsConstructor;

/** etcd's Auth service. Everything goes through Raft, questions too, so that answers are up to date. */
@RequiredArgsConstructor
public final class AuthService extends AuthGrpc.AuthImplBase {

    private final Access access;
    private final Logins logins;

    @Override
    public void authenticate(AuthenticateRequest request, StreamObserver<AuthenticateResponse> call) {
        Answers.send(logins.authenticate(request), call);
    }

    @Override
    public void authEnable(AuthEnableRequest request, StreamObserver<AuthEnableResponse> call) {
        propose(InternalRaftRequest.newBuilder().setAuthEnable(request), call);
    }

    @Override
    public void authDisable(AuthDisableRequest request, StreamObserver<AuthDisableResponse> call) {
        propose(InternalRaftRequest.newBuilder().setAuthDisable(request), call);
    }

    @Override
    public void authStatus(AuthStatusRequest request, StreamObserver<AuthStatusResponse> call) {
        propose(InternalRaftRequest.newBuilder().setAuthStatus(request), call);
    }

    @Override
    public void userAdd(AuthUserAddRequest request, StreamObserver<AuthUserAddResponse> call) {
        if (request.getOptions().getNoPassword()) {
            propose(InternalRaftRequest.newBuilder().setAuthUserAdd(request), call);
            return;
        }
        proposeHashed(
                request.getPassword(),
                hash -> InternalRaftRequest.newBuilder()
                        .setAuthUserAdd(request.toBuilder().clearPassword().setHashedPassword(hash)),
                call);
    }

    @Override
    public void userChangePassword(
            AuthUserChangePasswordRequest request, StreamObserver<AuthUserChangePasswordResponse> call) {
        if (request.getPassword().isEmpty()) { // the hash of the request counts then; without one nobody can log in
            propose(InternalRaftRequest.newBuilder().setAuthUserChangePassword(request), call);
            return;
        }
        proposeHashed(
                request.getPassword(),
                hash -> InternalRaftRequest.newBuilder()
                        .setAuthUserChangePassword(
                                request.toBuilder().clearPassword().setHashedPassword(hash)),
                call);
    }

    /** Refuses in etcd's order, but a caller without the right before work is spent on the password. */
    private void proposeHashed(
            String password,
            Function<String, InternalRaftRequest.Builder> request,
            StreamObserver<? extends Message> call) {
        try {
            Passwords.requireHashable(password);
        } catch (RequestException e) {
            Answers.fail(call, e);
            return;
        }
        access.admin(
                request.apply(Logins.AS_LONG_AS_A_HASH),
                call,
                () -> logins.hashed(password, call, hash -> propose(request.apply(hash), call)));
    }

    @Override
    public void userGet(AuthUserGetRequest request, StreamObserver<AuthUserGetResponse> call) {
        propose(InternalRaftRequest.newBuilder().setAuthUserGet(request), call);
    }

    @Override
    public void userList(AuthUserListRequest request, StreamObserver<AuthUserListResponse> call) {
        propose(InternalRaftRequest.newBuilder().setAuthUserList(request), call);
    }

    @Override
    public void userDelete(AuthUserDeleteRequest request, StreamObserver<AuthUserDeleteResponse> call) {
        propose(InternalRaftRequest.newBuilder().setAuthUserDelete(request), call);
    }

    @Override
    public void userGrantRole(AuthUserGrantRoleRequest request, StreamObserver<AuthUserGrantRoleResponse> call) {
        propose(InternalRaftRequest.newBuilder().setAuthUserGrantRole(request), call);
    }

    @Override
    public void userRevokeRole(AuthUserRevokeRoleRequest request, StreamObserver<AuthUserRevokeRoleResponse> call) {
        propose(InternalRaftRequest.newBuilder().setAuthUserRevokeRole(request), call);
    }

    @Override
    public void roleAdd(AuthRoleAddRequest request, StreamObserver<AuthRoleAddResponse> call) {
        propose(InternalRaftRequest.newBuilder().setAuthRoleAdd(request), call);
    }

    @Override
    public void roleGet(AuthRoleGetRequest request, StreamObserver<AuthRoleGetResponse> call) {
        propose(InternalRaftRequest.newBuilder().setAuthRoleGet(request), call);
    }

    @Override
    public void roleList(AuthRoleListRequest request, StreamObserver<AuthRoleListResponse> call) {
        propose(InternalRaftRequest.newBuilder().setAuthRoleList(request), call);
    }

    @Override
    public void roleDelete(AuthRoleDeleteRequest request, StreamObserver<AuthRoleDeleteResponse> call) {
        propose(InternalRaftRequest.newBuilder().setAuthRoleDelete(request), call);
    }

    @Override
    public void roleGrantPermission(
            AuthRoleGrantPermissionRequest request, StreamObserver<AuthRoleGrantPermissionResponse> call) {
        propose(InternalRaftRequest.newBuilder().setAuthRoleGrantPermission(request), call);
    }

    @Override
    public void roleRevokePermission(
            AuthRoleRevokePermissionRequest request, StreamObserver<AuthRoleRevokePermissionResponse> call) {
        propose(InternalRaftRequest.newBuilder().setAuthRoleRevokePermission(request), call);
    }

    private void propose(InternalRaftRequest.Builder request, StreamObserver<? extends Message> call) {
        access.propose(request, call);
    }
}
