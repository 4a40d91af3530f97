package io.quorate.backup;

/** The buckets of etcd's database. */
final class BucketNames {

    static final String ALARM = "alarm";
    static final String AUTH = "auth";
    static final String ROLES = "authRoles";
    static final String USERS = "authUsers";
    static final String CLUSTER = "cluster";

    /** Every change, by revision. */
    static final String KEY = "key";

    static final String LEASE = "lease";
    static final String MEMBERS = "members";
    static final String REMOVED_MEMBERS = "members_removed";

    /** Single values: applied index and term, compactions, the configuration of Raft, the version of this layout. */
    static final String META = "meta";

    private BucketNames() {}
}
