package io.quorate.conformance;

import com.google.protobuf.ByteString;
import io.quorate.proto.AuthDisableRequest;
import io.quorate.proto.AuthEnableRequest;
import io.quorate.proto.AuthRoleAddRequest;
import io.quorate.proto.AuthRoleDeleteRequest;
import io.quorate.proto.AuthRoleGetRequest;
import io.quorate.proto.AuthRoleGrantPermissionRequest;
import io.quorate.proto.AuthRoleListRequest;
import io.quorate.proto.AuthRoleRevokePermissionRequest;
import io.quorate.proto.AuthStatusRequest;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.AuthUserChangePasswordRequest;
import io.quorate.proto.AuthUserDeleteRequest;
import io.quorate.proto.AuthUserGetRequest;
import io.quorate.proto.AuthUserGrantRoleRequest;
import io.quorate.proto.AuthUserListRequest;
import io.quorate.proto.AuthUserRevokeRoleRequest;
import io.quorate.proto.AuthenticateRequest;
import io.quorate.proto.authpb.Permission;
import io.quorate.proto.authpb.UserAddOptions;

/** Makes requests of the Auth service. */
final class UserRequests {

    /** Above what {@link LiveServer#SETTINGS} allow a write. */
    private static final int TOO_LARGE = 70_000;

    private static final String[] USERS = {"root", "alice", "bob", "al", "ünï"};
    private static final String[] ROLES = {"root", "reader", "writer", "r", "rö"};
    private static final String[] PASSWORDS = {"1", "2", "pässword"};

    /** One more than what is hashed. */
    private static final int LONG_PASSWORD = 73;

    private final Dice dice;

    UserRequests(Dice dice) {
        this.dice = dice;
    }

    /** A name that most programs have a user of. */
    String user() {
        return dice.oneOf(USERS);
    }

    private String anyUser() {
        return anyName(user());
    }

    private String role() {
        return dice.oneOf(ROLES);
    }

    private String anyRole() {
        return anyName(role());
    }

    private String anyName(String usual) {
        if (dice.chance(94)) {
            return usual;
        }
        return dice.chance(60) ? "" : "n".repeat(dice.oneOf(200, TOO_LARGE));
    }

    private String password() {
        if (dice.chance(95)) {
            return dice.oneOf(PASSWORDS);
        }
        return dice.chance(50) ? "" : "p".repeat(dice.oneOf(LONG_PASSWORD - 1, LONG_PASSWORD, TOO_LARGE));
    }

    Step.Call enable() {
        return new Step.Call(Rpc.AUTH_ENABLE, AuthEnableRequest.getDefaultInstance());
    }

    Step.Call addUser(String name) {
        return new Step.Call(
                Rpc.USER_ADD,
                AuthUserAddRequest.newBuilder()
                        .setName(name)
                        .setPassword(dice.oneOf(PASSWORDS))
                        .build());
    }

    Step.Call addRole(String name) {
        return new Step.Call(
                Rpc.ROLE_ADD, AuthRoleAddRequest.newBuilder().setName(name).build());
    }

    Step.Call grantRole(String user, String role) {
        return new Step.Call(
                Rpc.USER_GRANT_ROLE,
                AuthUserGrantRoleRequest.newBuilder()
                        .setUser(user)
                        .setRole(role)
                        .build());
    }

    Step.Call login(String user, String password) {
        return new Step.Call(
                Rpc.AUTHENTICATE,
                AuthenticateRequest.newBuilder()
                        .setName(user)
                        .setPassword(password)
                        .build());
    }

    Step.Call login() {
        return dice.chance(15) ? login(Keeper.NAME, Keeper.PASSWORD) : login(anyUser(), password());
    }

    Step.Call grantPermission(String role) {
        AuthRoleGrantPermissionRequest.Builder grant =
                AuthRoleGrantPermissionRequest.newBuilder().setName(role);
        return new Step.Call(
                Rpc.ROLE_GRANT_PERMISSION,
                dice.chance(3) ? grant.build() : grant.setPerm(permission()).build());
    }

    /** Of a key, of what begins with a key, from a key on, inverted, of nothing, next to another. */
    private Permission permission() {
        ByteString key = dice.chance(3) ? ByteString.EMPTY : dice.chance(8) ? ByteString.fromHex("00") : dice.key();
        Permission.Builder permission =
                Permission.newBuilder().setKey(key).setRangeEnd(dice.chance(5) ? key : dice.rangeEnd(key));
        return permission
                .setPermTypeValue(dice.chance(97) ? dice.below(3) : dice.oneOf(3, -1))
                .build();
    }

    /** Any call that changes or shows users, roles and permissions. */
    Step.Call call() {
        return switch (dice.below(26)) {
            case 0, 1, 2 -> addUser();
            case 3 ->
                new Step.Call(
                        Rpc.USER_DELETE,
                        AuthUserDeleteRequest.newBuilder().setName(anyUser()).build());
            case 4, 5 -> changePassword();
            case 6, 7 ->
                new Step.Call(
                        Rpc.USER_GET,
                        AuthUserGetRequest.newBuilder().setName(anyUser()).build());
            case 8 -> new Step.Call(Rpc.USER_LIST, AuthUserListRequest.getDefaultInstance());
            case 9, 10 -> grantRole(anyUser(), anyRole());
            case 11, 12 ->
                new Step.Call(
                        Rpc.USER_REVOKE_ROLE,
                        AuthUserRevokeRoleRequest.newBuilder()
                                .setName(anyUser())
                                .setRole(anyRole())
                                .build());
            case 13 -> addRole(anyRole());
            case 14 ->
                new Step.Call(
                        Rpc.ROLE_DELETE,
                        AuthRoleDeleteRequest.newBuilder().setRole(anyRole()).build());
            case 15, 16 ->
                new Step.Call(
                        Rpc.ROLE_GET,
                        AuthRoleGetRequest.newBuilder().setRole(anyRole()).build());
            case 17 -> new Step.Call(Rpc.ROLE_LIST, AuthRoleListRequest.getDefaultInstance());
            case 18, 19, 20 -> grantPermission(anyRole());
            case 21, 22 -> revokePermission();
            case 23 -> new Step.Call(Rpc.AUTH_STATUS, AuthStatusRequest.getDefaultInstance());
            case 24 -> enable();
            default ->
                dice.chance(50) ? new Step.Call(Rpc.AUTH_DISABLE, AuthDisableRequest.getDefaultInstance()) : enable();
        };
    }

    private Step.Call addUser() {
        AuthUserAddRequest.Builder add = AuthUserAddRequest.newBuilder().setName(anyUser());
        if (dice.chance(90)) {
            add.setPassword(password());
        }
        if (dice.chance(20)) {
            add.setOptions(UserAddOptions.newBuilder().setNoPassword(dice.chance(80)));
        }
        if (dice.chance(3)) {
            add.setHashedPassword("made up");
        }
        return new Step.Call(Rpc.USER_ADD, add.build());
    }

    private Step.Call changePassword() {
        AuthUserChangePasswordRequest.Builder change =
                AuthUserChangePasswordRequest.newBuilder().setName(anyUser()).setPassword(password());
        if (dice.chance(3)) {
            change.setHashedPassword("made up");
        }
        return new Step.Call(Rpc.USER_CHANGE_PASSWORD, change.build());
    }

    private Step.Call revokePermission() {
        ByteString key = dice.anyKey();
        return new Step.Call(
                Rpc.ROLE_REVOKE_PERMISSION,
                AuthRoleRevokePermissionRequest.newBuilder()
                        .setRole(anyRole())
                        .setKey(key)
                        .setRangeEnd(dice.rangeEnd(key))
                        .build());
    }
}
