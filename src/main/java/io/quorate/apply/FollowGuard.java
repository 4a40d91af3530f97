package io.quorate.apply;

import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.following.Following;
import io.quorate.mvcc.WriteBatch;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.raft.Entry;

/**
 * Refuses every change of data, leases, users and roles while the cluster follows an etcd: what is here is what is there, until it takes
 * over. Alarms, members, logins and questions go on.
 */
record FollowGuard(Following following, Applier next) implements Applier {

    @Override
    public Outcome apply(InternalRaftRequest request, WriteBatch batch, Entry entry) {
        return following.isActive() && changes(RequestKind.of(request))
                ? new Outcome.Refused(new RequestException(RequestError.FOLLOWING))
                : next.apply(request, batch, entry);
    }

    private static boolean changes(RequestKind kind) {
        return switch (kind) {
            case PUT,
                    DELETE_RANGE,
                    TXN,
                    RANGE, // in the log only together with writes, or while a state is loaded
                    COMPACTION,
                    LEASE_GRANT,
                    LEASE_REVOKE,
                    LEASE_CHECKPOINT,
                    AUTH_ENABLE,
                    AUTH_DISABLE,
                    AUTH_USER_ADD,
                    AUTH_USER_DELETE,
                    AUTH_USER_CHANGE_PASSWORD,
                    AUTH_USER_GRANT_ROLE,
                    AUTH_USER_REVOKE_ROLE,
                    AUTH_ROLE_ADD,
                    AUTH_ROLE_DELETE,
                    AUTH_ROLE_GRANT_PERMISSION,
                    AUTH_ROLE_REVOKE_PERMISSION -> true;
            case ALARM,
                    CLUSTER_VERSION_SET,
                    CLUSTER_MEMBER_ATTR_SET,
                    DOWNGRADE_INFO_SET,
                    AUTH_STATUS,
                    AUTHENTICATE,
                    AUTH_USER_GET,
                    AUTH_USER_LIST,
                    AUTH_ROLE_GET,
                    AUTH_ROLE_LIST,
                    FOLLOW,
                    UNKNOWN -> false;
        };
    }
}
