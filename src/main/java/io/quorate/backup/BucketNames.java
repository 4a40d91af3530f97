package io.quorate.backup;

/** The buckets of etcd's database. */
public final class BucketNames {

    public static final String ALARM = "alarm";
    public static final String AUTH = "auth";
    public static final String ROLES = "authRoles";
    public static final String USERS = "authUsers";
    public static final String CLUSTER = "cluster";

    /** Every change, by revision. */
    public static final String KEY = "key";

    public static final String LEASE = "lease";
    public static final String MEMBERS = "members";
    public static final String REMOVED_MEMBERS = "members_removed";

    /** Single values: applied index and term, compactions, the configuration of Raft, the version of this layout. */
    public static final String META = "meta";

    private BucketNames() {}
}
