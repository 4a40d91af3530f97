package io.quorate.apply;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.quorate.auth.AuthStore;
import io.quorate.auth.User;
import io.quorate.base.Fault;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.identity.Tokens;
import io.quorate.proto.AuthDisableResponse;
import io.quorate.proto.AuthEnableResponse;
import io.quorate.proto.AuthRoleAddResponse;
import io.quorate.proto.AuthRoleDeleteResponse;
import io.quorate.proto.AuthRoleGetResponse;
import io.quorate.proto.AuthRoleGrantPermissionRequest;
import io.quorate.proto.AuthRoleGrantPermissionResponse;
import io.quorate.proto.AuthRoleListResponse;
import io.quorate.proto.AuthRoleRevokePermissionRequest;
import io.quorate.proto.AuthRoleRevokePermissionResponse;
import io.quorate.proto.AuthStatusResponse;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.AuthUserAddResponse;
import io.quorate.proto.AuthUserChangePasswordRequest;
import io.quorate.proto.AuthUserChangePasswordResponse;
import io.quorate.proto.AuthUserDeleteResponse;
import io.quorate.proto.AuthUserGetResponse;
import io.quorate.proto.AuthUserGrantRoleResponse;
import io.quorate.proto.AuthUserListResponse;
import io.quorate.proto.AuthUserRevokeRoleResponse;
import io.quorate.proto.AuthenticateResponse;
import io.quorate.proto.InternalAuthenticateRequest;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.ResponseHeader;
import java.util.Base64;
import lombok.RequiredArgsConstructor;

/** Executes what concerns users, roles and logins. */
@RequiredArgsConstructor
public final class AuthRequests {

    private final AuthStore store;
    private final Tokens tokens;

    /** @param index of the entry; a login's token names it */
    Outcome apply(RequestKind kind, InternalRaftRequest request, ResponseHeader header, long index) {
        return switch (kind) {
            case AUTH_ENABLE -> {
                store.enable();
                yield done(AuthEnableResponse.newBuilder().setHeader(header));
            }
            case AUTH_DISABLE -> {
                store.disable();
                yield done(AuthDisableResponse.newBuilder().setHeader(header));
            }
            case AUTH_STATUS ->
                done(AuthStatusResponse.newBuilder()
                        .setHeader(header)
                        .setEnabled(store.rules().isEnabled())
                        .setAuthRevision(store.rules().revision()));
            case AUTHENTICATE -> authenticate(request.getAuthenticate(), header, index);
            case AUTH_USER_ADD,
                    AUTH_USER_DELETE,
                    AUTH_USER_GET,
                    AUTH_USER_CHANGE_PASSWORD,
                    AUTH_USER_GRANT_ROLE,
                    AUTH_USER_REVOKE_ROLE,
                    AUTH_USER_LIST -> done(user(kind, request, header));
            default -> done(role(kind, request, header));
        };
    }

    private static Outcome done(Message.Builder response) {
        return new Outcome.Done(response.build());
    }

    private Message.Builder user(RequestKind kind, InternalRaftRequest request, ResponseHeader header) {
        switch (kind) {
            case AUTH_USER_ADD -> add(request.getAuthUserAdd());
            case AUTH_USER_DELETE ->
                store.deleteUser(request.getAuthUserDelete().getName());
            case AUTH_USER_CHANGE_PASSWORD -> changePassword(request.getAuthUserChangePassword());
            case AUTH_USER_GRANT_ROLE -> {
                var grant = request.getAuthUserGrantRole();
                store.grantRole(grant.getUser(), grant.getRole());
            }
            case AUTH_USER_REVOKE_ROLE -> {
                var revocation = request.getAuthUserRevokeRole();
                store.revokeRole(revocation.getName(), revocation.getRole());
            }
            default -> {} // asks only
        }
        return switch (kind) {
            case AUTH_USER_ADD -> AuthUserAddResponse.newBuilder().setHeader(header);
            case AUTH_USER_DELETE -> AuthUserDeleteResponse.newBuilder().setHeader(header);
            case AUTH_USER_CHANGE_PASSWORD ->
                AuthUserChangePasswordResponse.newBuilder().setHeader(header);
            case AUTH_USER_GRANT_ROLE -> AuthUserGrantRoleResponse.newBuilder().setHeader(header);
            case AUTH_USER_REVOKE_ROLE ->
                AuthUserRevokeRoleResponse.newBuilder().setHeader(header);
            case AUTH_USER_GET ->
                AuthUserGetResponse.newBuilder()
                        .setHeader(header)
                        .addAllRoles(store.rolesOf(request.getAuthUserGet().getName()));
            case AUTH_USER_LIST ->
                AuthUserListResponse.newBuilder().setHeader(header).addAllUsers(store.userNames());
            default -> throw new Fault(kind + " does not concern a user");
        };
    }

    private Message.Builder role(RequestKind kind, InternalRaftRequest request, ResponseHeader header) {
        return switch (kind) {
            case AUTH_ROLE_ADD -> {
                store.addRole(request.getAuthRoleAdd().getName());
                yield AuthRoleAddResponse.newBuilder().setHeader(header);
            }
            case AUTH_ROLE_DELETE -> {
                store.deleteRole(request.getAuthRoleDelete().getRole());
                yield AuthRoleDeleteResponse.newBuilder().setHeader(header);
            }
            case AUTH_ROLE_GRANT_PERMISSION -> {
                grant(request.getAuthRoleGrantPermission());
                yield AuthRoleGrantPermissionResponse.newBuilder().setHeader(header);
            }
            case AUTH_ROLE_REVOKE_PERMISSION -> {
                AuthRoleRevokePermissionRequest revocation = request.getAuthRoleRevokePermission();
                store.revokePermission(revocation.getRole(), revocation.getKey(), revocation.getRangeEnd());
                yield AuthRoleRevokePermissionResponse.newBuilder().setHeader(header);
            }
            case AUTH_ROLE_GET ->
                AuthRoleGetResponse.newBuilder()
                        .setHeader(header)
                        .addAllPerm(store.permissionsOf(request.getAuthRoleGet().getRole()));
            case AUTH_ROLE_LIST ->
                AuthRoleListResponse.newBuilder().setHeader(header).addAllRoles(store.roleNames());
            default -> throw new Fault(kind + " does not concern users or roles");
        };
    }

    private void add(AuthUserAddRequest request) {
        boolean noPassword = request.getOptions().getNoPassword();
        store.addUser(request.getName(), noPassword ? ByteString.EMPTY : hash(request.getHashedPassword()), noPassword);
    }

    private void changePassword(AuthUserChangePasswordRequest request) {
        User user = store.find(request.getName());
        boolean counts = user != null && !user.noPassword();
        store.changePassword(request.getName(), counts ? hash(request.getHashedPassword()) : ByteString.EMPTY);
    }

    /** The member that took the request made the hash, unless the client sent one. As in etcd the padding must be there. */
    private static ByteString hash(String base64) {
        String text = base64.replaceAll("[\\r\\n]", "");
        try {
            return ByteString.copyFrom(Base64.getDecoder().decode(padded(text)));
        } catch (IllegalArgumentException e) {
            throw new RequestException(RequestError.NO_PASSWORD_USER);
        }
    }

    private static String padded(String base64) {
        if (base64.length() % 4 != 0) {
            throw new IllegalArgumentException("base64 without padding");
        }
        return base64;
    }

    private void grant(AuthRoleGrantPermissionRequest request) {
        if (!request.hasPerm()) {
            throw new RequestException(RequestError.PERMISSION_NOT_GIVEN);
        }
        store.grantPermission(request.getName(), request.getPerm());
    }

    /** The password was compared before; that it is still the same is seen by the revision. Only a member that answers needs the token. */
    private Outcome authenticate(InternalAuthenticateRequest request, ResponseHeader header, long index) {
        if (!store.rules().isEnabled()) {
            throw new RequestException(RequestError.AUTH_NOT_ENABLED);
        }
        String name = request.getName();
        User user = store.find(name);
        if (user == null || user.noPassword()) {
            throw new RequestException(RequestError.AUTH_FAILED);
        }
        String drawn = request.getSimpleToken();
        long revision = store.rules().revision();
        tokens.loggedIn(name, drawn, index);
        return new Outcome.Later(() -> tokens.issue(name, drawn, index, revision)
                .<Message>thenApply(token -> AuthenticateResponse.newBuilder()
                        .setHeader(header)
                        .setToken(token)
                        .build()));
    }
}
