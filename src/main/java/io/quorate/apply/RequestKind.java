package io.quorate.apply;

import io.quorate.membership.ClusterVersion;
import io.quorate.proto.InternalRaftRequestOrBuilder;
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
    UNKNOWN("unknown");

    private final String wireName;
    private final @Nullable ClusterVersion since;

    /** A kind that every version knows. */
    RequestKind(String wireName) {
        this(wireName, null);
    }

    RequestKind(String wireName, @Nullable ClusterVersion since) {
        this.wireName = wireName;
        this.since = since;
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
        }
        return request.hasRange() ? RANGE : UNKNOWN;
    }
}
