package io.quorate.apply;

import io.quorate.auth.AuthRules;
import io.quorate.auth.AuthStore;
import io.quorate.base.RequestException;
import io.quorate.identity.Identity;
import io.quorate.lease.LeaseManager;
import io.quorate.mvcc.WriteBatch;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.raft.Entry;

/**
 * Refuses what its user may not do (docs/etcd-v3.md, section 2.9). The user was made known by the member that took the request,
 * and stands in the entry with the revision of the rules under which that happened; whether the right is still there is decided
 * here, so that all members decide alike.
 */
record AuthApplier(AuthStore store, LeaseManager leases, Applier next) implements Applier {

    @Override
    public Outcome apply(InternalRaftRequest request, WriteBatch batch, Entry entry) {
        AuthRules rules = store.rules();
        if (rules.isEnabled()) {
            try {
                check(request, new Permissions(rules, identity(request), leases));
            } catch (RequestException e) {
                return new Outcome.Refused(e);
            }
        }
        return next.apply(request, batch, entry);
    }

    private static Identity identity(InternalRaftRequest request) {
        var header = request.getHeader();
        return new Identity(
                header.getUsername(), header.getAuthRevision(), header.getRolesList(), Identity.Origin.TOKEN);
    }

    private static void check(InternalRaftRequest request, Permissions permissions) {
        switch (RequestKind.of(request)) {
            case PUT -> permissions.check(request.getPut());
            case RANGE -> permissions.check(request.getRange());
            case DELETE_RANGE -> permissions.check(request.getDeleteRange());
            case TXN -> permissions.check(request.getTxn());
            case LEASE_REVOKE -> permissions.checkLease(request.getLeaseRevoke().getID());
            case AUTH_USER_GET ->
                permissions.checkUserGet(request.getAuthUserGet().getName());
            case AUTH_ROLE_GET ->
                permissions.checkRoleGet(request.getAuthRoleGet().getRole());
            case AUTH_ENABLE,
                    AUTH_DISABLE,
                    AUTH_USER_ADD,
                    AUTH_USER_DELETE,
                    AUTH_USER_CHANGE_PASSWORD,
                    AUTH_USER_GRANT_ROLE,
                    AUTH_USER_REVOKE_ROLE,
                    AUTH_USER_LIST,
                    AUTH_ROLE_ADD,
                    AUTH_ROLE_DELETE,
                    AUTH_ROLE_GRANT_PERMISSION,
                    AUTH_ROLE_REVOKE_PERMISSION,
                    AUTH_ROLE_LIST -> permissions.checkAdmin();
            // what the edge has checked, what members say to each other, and what everybody may ask
            case COMPACTION,
                    LEASE_GRANT,
                    LEASE_CHECKPOINT,
                    ALARM,
                    CLUSTER_VERSION_SET,
                    CLUSTER_MEMBER_ATTR_SET,
                    DOWNGRADE_INFO_SET,
                    AUTHENTICATE,
                    AUTH_STATUS,
                    FOLLOW,
                    UNKNOWN -> {}
        }
    }
}
