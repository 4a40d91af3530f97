package io.quorate.apply;

import io.quorate.membership.ClusterVersion;
import io.quorate.proto.InternalRaftRequestOrBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The kinds of request in the log. */
public enum RequestKind {
    PUT("Put"),
    DELETE_RANGE("DeleteRange"),
    TXN("Txn"),
    RANGE("Range"),
    COMPACTION("Compaction"),
    LEASE_GRANT("LeaseGrant"),
    LEASE_REVOKE("LeaseRevoke"),
    LEASE_CHECKPOINT("LeaseCheckpoint", new ClusterVersion(3, 4)),
    ALARM("Alarm"),
    CLUSTER_VERSION_SET("ClusterVersionSet"),
    CLUSTER_MEMBER_ATTR_SET("ClusterMemberAttrSet"),
    DOWNGRADE_INFO_SET("DowngradeInfoSet", new ClusterVersion(3, 5)),
    AUTH_ENABLE("AuthEnable", InternalRaftRequestOrBuilder::hasAuthEnable),
    AUTH_DISABLE("AuthDisable", InternalRaftRequestOrBuilder::hasAuthDisable),
    AUTH_STATUS("AuthStatus", InternalRaftRequestOrBuilder::hasAuthStatus),
    AUTHENTICATE("Authenticate", InternalRaftRequestOrBuilder::hasAuthenticate),
    AUTH_USER_ADD("AuthUserAdd", InternalRaftRequestOrBuilder::hasAuthUserAdd),
    AUTH_USER_DELETE("AuthUserDelete", InternalRaftRequestOrBuilder::hasAuthUserDelete),
    AUTH_USER_GET("AuthUserGet", InternalRaftRequestOrBuilder::hasAuthUserGet),
    AUTH_USER_CHANGE_PASSWORD("AuthUserChangePassword", InternalRaftRequestOrBuilder::hasAuthUserChangePassword),
    AUTH_USER_GRANT_ROLE("AuthUserGrantRole", InternalRaftRequestOrBuilder::hasAuthUserGrantRole),
    AUTH_USER_REVOKE_ROLE("AuthUserRevokeRole", InternalRaftRequestOrBuilder::hasAuthUserRevokeRole),
    AUTH_USER_LIST("AuthUserList", InternalRaftRequestOrBuilder::hasAuthUserList),
    AUTH_ROLE_ADD("AuthRoleAdd", InternalRaftRequestOrBuilder::hasAuthRoleAdd),
    AUTH_ROLE_DELETE("AuthRoleDelete", InternalRaftRequestOrBuilder::hasAuthRoleDelete),
    AUTH_ROLE_GET("AuthRoleGet", InternalRaftRequestOrBuilder::hasAuthRoleGet),
    AUTH_ROLE_GRANT_PERMISSION("AuthRoleGrantPermission", InternalRaftRequestOrBuilder::hasAuthRoleGrantPermission),
    AUTH_ROLE_REVOKE_PERMISSION("AuthRoleRevokePermission", InternalRaftRequestOrBuilder::hasAuthRoleRevokePermission),
    AUTH_ROLE_LIST("AuthRoleList", InternalRaftRequestOrBuilder::hasAuthRoleList),
    FOLLOW("Follow", new ClusterVersion(3, 7)),
    UNKNOWN("unknown");

    private static final List<RequestKind> AUTH_KINDS =
            Arrays.stream(values()).filter(kind -> kind.isOfAuth != null).toList();

    private final String wireName;
    private final @Nullable ClusterVersion since;
    private final @Nullable Predicate<InternalRaftRequestOrBuilder> isOfAuth;

    /** A kind that every version knows. */
    RequestKind(String wireName) {
        this(wireName, null, null);
    }

    /** A kind that concerns keys, leases or members, and came with a version. */
    RequestKind(String wireName, ClusterVersion since) {
        this(wireName, since, null);
    }

    /** A kind that concerns users and roles. */
    RequestKind(String wireName, Predicate<InternalRaftRequestOrBuilder> is) {
        this(wireName, null, is);
    }

    RequestKind(
            String wireName,
            @Nullable ClusterVersion since,
            @Nullable Predicate<InternalRaftRequestOrBuilder> isOfAuth) {
        this.wireName = wireName;
        this.since = since;
        this.isOfAuth = isOfAuth;
    }

    /** Whether it concerns users, roles, permissions or logins. */
    boolean isOfAuth() {
        return isOfAuth != null;
    }

    /** The first version of a cluster in which every member knows this kind; null if all do. */
    @Nullable
    ClusterVersion since() {
        return since;
    }

    /** What etcd calls it in its metrics. */
    public String wireName() {
        return wireName;
    }

    /** The kind of a request; the most frequent ones are found first. */
    public static RequestKind of(InternalRaftRequestOrBuilder request) {
        if (request.hasPut()) {
            return PUT;
        } else if (request.hasTxn()) {
            return TXN;
        } else if (request.hasDeleteRange()) {
            return DELETE_RANGE;
        } else if (request.hasLeaseGrant()) {
            return LEASE_GRANT;
        } else if (request.hasLeaseRevoke()) {
            return LEASE_REVOKE;
        } else if (request.hasLeaseCheckpoint()) {
            return LEASE_CHECKPOINT;
        } else if (request.hasCompaction()) {
            return COMPACTION;
        } else if (request.hasAlarm()) {
            return ALARM;
        } else if (request.hasClusterMemberAttrSet()) {
            return CLUSTER_MEMBER_ATTR_SET;
        } else if (request.hasClusterVersionSet()) {
            return CLUSTER_VERSION_SET;
        } else if (request.hasDowngradeInfoSet()) {
            return DOWNGRADE_INFO_SET;
        } else if (request.hasFollow()) {
            return FOLLOW;
        }
        return request.hasRange() ? RANGE : ofAuth(request);
    }

    private static RequestKind ofAuth(InternalRaftRequestOrBuilder request) {
        for (RequestKind kind : AUTH_KINDS) {
            if (kind.isOfAuth != null && kind.isOfAuth.test(request)) {
                return kind;
            }
        }
        return UNKNOWN;
    }
}
