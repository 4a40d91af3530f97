package io.quorate.membership;

import io.quorate.base.Meters;

/** Publishes the identity of this member and what the members agreed on. */
public final class MembershipMeters {

    private MembershipMeters() {}

    /** Registers what the list of members tells. */
    public static void register(Membership membership, Meters meters) {
        meters.gauges(
                "etcd_server_id",
                "1; the label is the id of this member in hexadecimal.",
                points -> points.add(1, "server_id", Long.toHexString(membership.localId())));
        meters.gauges(
                "etcd_server_version",
                "1; the label is the version of etcd whose behaviour is kept.",
                points -> points.add(1, "server_version", Versions.SERVER));
        meters.gauges("etcd_cluster_version", "1; the label is the version that all members agreed on.", points -> {
            String agreed = membership.clusterVersion();
            if (agreed != null) {
                points.add(1, "cluster_version", majorMinor(agreed));
            }
        });
        meters.flag("etcd_server_is_learner", "1 if this member is a learner, 0 if not.", () -> {
            Member self = membership.member(membership.localId());
            return self != null && self.isLearner();
        });
    }

    private static String majorMinor(String version) {
        int end = version.indexOf('.', version.indexOf('.') + 1);
        return end < 0 ? version : version.substring(0, end);
    }
}
