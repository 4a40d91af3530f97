package io.quorate.integration.auth;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AuthDisableRequest;
import io.quorate.proto.AuthEnableRequest;
import io.quorate.proto.AuthGrpc;
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
import io.quorate.proto.ClusterGrpc;
import io.quorate.proto.DefragmentRequest;
import io.quorate.proto.DowngradeRequest;
import io.quorate.proto.HashKVRequest;
import io.quorate.proto.HashRequest;
import io.quorate.proto.MaintenanceGrpc;
import io.quorate.proto.MemberAddRequest;
import io.quorate.proto.MemberListRequest;
import io.quorate.proto.MemberPromoteRequest;
import io.quorate.proto.MemberRemoveRequest;
import io.quorate.proto.MemberUpdateRequest;
import io.quorate.proto.MoveLeaderRequest;
import io.quorate.proto.SnapshotRequest;
import io.quorate.proto.StatusRequest;
import io.quorate.proto.authpb.Permission;
import io.quorate.proto.backups.BackupStartRequest;
import io.quorate.proto.backups.BackupStatusRequest;
import io.quorate.proto.backups.BackupsGrpc;
import io.quorate.proto.following.FollowKeysRequest;
import io.quorate.proto.following.FollowRequest;
import io.quorate.proto.following.FollowStatusRequest;
import io.quorate.proto.following.FollowingGrpc;
import io.quorate.proto.inspection.InspectionGrpc;
import io.quorate.proto.inspection.OpenStreamsRequest;
import io.quorate.proto.inspection.SettingsRequest;
import io.quorate.proto.inspection.SlowCallsRequest;

/** The rows of {@link AccessTable} about members, maintenance, users and roles. */
record AdminTable(AccessTable table) {

    void rows() {
        cluster();
        maintenance();
        users();
        roles();
        following();
        backups();
        inspection();
    }

    private void inspection() {
        table.row(
                InspectionGrpc.getSlowCallsMethod(),
                "",
                AccessTable.ROOT,
                scene -> SlowCallsRequest.getDefaultInstance());
        table.row(
                InspectionGrpc.getOpenStreamsMethod(),
                "",
                AccessTable.ROOT,
                scene -> OpenStreamsRequest.getDefaultInstance());
        table.row(
                InspectionGrpc.getSettingsMethod(),
                "",
                AccessTable.ROOT,
                scene -> SettingsRequest.getDefaultInstance());
    }

    private void backups() {
        table.row(
                BackupsGrpc.getBackupStatusMethod(),
                "",
                AccessTable.ROOT,
                scene -> BackupStatusRequest.getDefaultInstance());
        table.row(
                BackupsGrpc.getBackupStartMethod(),
                "",
                AccessTable.ROOT,
                scene -> BackupStartRequest.getDefaultInstance());
    }

    private void cluster() {
        table.row(
                ClusterGrpc.getMemberListMethod(),
                "",
                AccessTable.USERS,
                scene -> MemberListRequest.getDefaultInstance());
        table.row(
                ClusterGrpc.getMemberListMethod(),
                "linearizable",
                AccessTable.USERS,
                scene -> MemberListRequest.newBuilder().setLinearizable(true).build());
        table.row(
                ClusterGrpc.getMemberAddMethod(),
                "",
                AccessTable.ROOT,
                scene -> MemberAddRequest.newBuilder()
                        .addPeerURLs(scene.memberUrl())
                        .build());
        table.row(
                ClusterGrpc.getMemberRemoveMethod(),
                "",
                AccessTable.ROOT,
                scene -> MemberRemoveRequest.newBuilder().setID(1).build());
        table.row(
                ClusterGrpc.getMemberUpdateMethod(),
                "",
                AccessTable.ROOT,
                scene -> MemberUpdateRequest.newBuilder()
                        .setID(1)
                        .addPeerURLs(scene.memberUrl())
                        .build());
        table.row(
                ClusterGrpc.getMemberPromoteMethod(),
                "",
                AccessTable.ROOT,
                scene -> MemberPromoteRequest.newBuilder().setID(1).build());
        table.row(
                HealthGrpc.getCheckMethod(),
                "",
                AccessTable.EVERYBODY,
                scene -> HealthCheckRequest.getDefaultInstance());
        table.row(
                HealthGrpc.getWatchMethod(),
                "",
                AccessTable.EVERYBODY,
                scene -> HealthCheckRequest.getDefaultInstance());
    }

    private void maintenance() {
        table.row(
                MaintenanceGrpc.getAlarmMethod(), "GET", AccessTable.USERS, scene -> AlarmRequest.getDefaultInstance());
        table.row(
                MaintenanceGrpc.getAlarmMethod(),
                "DEACTIVATE",
                AccessTable.ROOT,
                scene -> AlarmRequest.newBuilder()
                        .setAction(AlarmRequest.AlarmAction.DEACTIVATE)
                        .build());
        table.row(
                MaintenanceGrpc.getStatusMethod(), "", AccessTable.USERS, scene -> StatusRequest.getDefaultInstance());
        table.row(
                MaintenanceGrpc.getDefragmentMethod(),
                "",
                AccessTable.ROOT,
                scene -> DefragmentRequest.getDefaultInstance());
        table.row(MaintenanceGrpc.getHashMethod(), "", AccessTable.ROOT, scene -> HashRequest.getDefaultInstance());
        table.row(MaintenanceGrpc.getHashKVMethod(), "", AccessTable.ROOT, scene -> HashKVRequest.getDefaultInstance());
        table.row(
                MaintenanceGrpc.getSnapshotMethod(),
                "",
                AccessTable.ROOT,
                scene -> SnapshotRequest.getDefaultInstance());
        table.row(
                MaintenanceGrpc.getMoveLeaderMethod(),
                "",
                AccessTable.ROOT,
                scene -> MoveLeaderRequest.newBuilder().setTargetID(1).build());
        table.row(
                MaintenanceGrpc.getDowngradeMethod(),
                "",
                AccessTable.ROOT,
                scene -> DowngradeRequest.newBuilder().setVersion("3.6.0").build());
    }

    /** None of these calls begins anything. */
    private void following() {
        table.row(FollowingGrpc.getFollowMethod(), "", AccessTable.ROOT, scene -> FollowRequest.getDefaultInstance());
        table.row(
                FollowingGrpc.getFollowStatusMethod(),
                "",
                AccessTable.ROOT,
                scene -> FollowStatusRequest.getDefaultInstance());
        table.row(
                FollowingGrpc.getFollowKeysMethod(),
                "",
                AccessTable.ROOT,
                scene -> FollowKeysRequest.getDefaultInstance());
    }

    private void users() {
        table.row(
                AuthGrpc.getAuthStatusMethod(),
                "",
                AccessTable.ALL_BUT_BAD_TOKENS,
                scene -> AuthStatusRequest.getDefaultInstance());
        table.row(
                AuthGrpc.getAuthenticateMethod(),
                "",
                AccessTable.EVERYBODY,
                scene -> AuthenticateRequest.newBuilder().setName("x").build());
        table.row(
                AuthGrpc.getAuthEnableMethod(), "", AccessTable.ROOT, scene -> AuthEnableRequest.getDefaultInstance());
        table.row(
                AuthGrpc.getUserAddMethod(),
                "",
                AccessTable.ROOT,
                scene -> AuthUserAddRequest.newBuilder()
                        .setName("added")
                        .setPassword("x")
                        .build());
        table.row(
                AuthGrpc.getUserGetMethod(),
                "of another",
                AccessTable.ROOT,
                scene -> AuthUserGetRequest.newBuilder()
                        .setName(Caller.ROOT.user())
                        .build());
        table.row(
                AuthGrpc.getUserGetMethod(),
                "of himself",
                "etydddyd",
                scene -> AuthUserGetRequest.newBuilder()
                        .setName(Caller.POWERLESS.user())
                        .build());
        table.row(
                AuthGrpc.getUserListMethod(), "", AccessTable.ROOT, scene -> AuthUserListRequest.getDefaultInstance());
        table.row(
                AuthGrpc.getUserDeleteMethod(),
                "",
                AccessTable.ROOT,
                scene -> AuthUserDeleteRequest.newBuilder().setName("x").build());
        table.row(
                AuthGrpc.getUserChangePasswordMethod(),
                "",
                AccessTable.ROOT,
                scene -> AuthUserChangePasswordRequest.newBuilder()
                        .setName("x")
                        .setPassword("y")
                        .build());
        table.row(
                AuthGrpc.getUserGrantRoleMethod(),
                "",
                AccessTable.ROOT,
                scene -> AuthUserGrantRoleRequest.newBuilder()
                        .setUser("x")
                        .setRole("y")
                        .build());
        table.row(
                AuthGrpc.getUserRevokeRoleMethod(),
                "",
                AccessTable.ROOT,
                scene -> AuthUserRevokeRoleRequest.newBuilder()
                        .setName("x")
                        .setRole("y")
                        .build());
    }

    private void roles() {
        table.row(
                AuthGrpc.getRoleAddMethod(),
                "",
                AccessTable.ROOT,
                scene -> AuthRoleAddRequest.newBuilder().setName("added").build());
        table.row(
                AuthGrpc.getRoleGetMethod(),
                "of his",
                "etdyddyd",
                scene -> AuthRoleGetRequest.newBuilder()
                        .setRole(Caller.READER.user())
                        .build());
        table.row(
                AuthGrpc.getRoleListMethod(), "", AccessTable.ROOT, scene -> AuthRoleListRequest.getDefaultInstance());
        table.row(
                AuthGrpc.getRoleDeleteMethod(),
                "",
                AccessTable.ROOT,
                scene -> AuthRoleDeleteRequest.newBuilder().setRole("x").build());
        table.row(
                AuthGrpc.getRoleGrantPermissionMethod(),
                "",
                AccessTable.ROOT,
                scene -> AuthRoleGrantPermissionRequest.newBuilder()
                        .setName("x")
                        .setPerm(Permission.newBuilder().setKey(AccessTable.KEY))
                        .build());
        table.row(
                AuthGrpc.getRoleRevokePermissionMethod(),
                "",
                AccessTable.ROOT,
                scene -> AuthRoleRevokePermissionRequest.newBuilder()
                        .setRole("x")
                        .setKey(AccessTable.KEY)
                        .build());
        table.row(
                AuthGrpc.getAuthDisableMethod(),
                "",
                AccessTable.ROOT,
                scene -> AuthDisableRequest.getDefaultInstance());
    }
}
