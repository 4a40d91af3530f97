package io.quorate.tool;

import io.quorate.tool.Tool.ToolException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Moves the leadership away from a member that is about to stop, so that its clients need not wait for an election. */
final class Leave {

    private final ClusterClient cluster;

    Leave(ClusterClient cluster) {
        this.cluster = cluster;
    }

    String moveLeadership() {
        Map<String, Object> status = cluster.require("/v3/maintenance/status", "{}");
        String own = ClusterClient.id((Map<?, ?>) Objects.requireNonNull(status.get("header")), "member_id");
        if (!ClusterClient.id(status, "leader").equals(own)) {
            return "this member does not lead";
        }
        List<ClusterMember> members =
                ClusterMember.listIn(cluster.require("/v3/cluster/member/list", "{\"linearizable\":true}"));
        List<ClusterMember> voters = members.stream()
                .filter(member -> member.hasStarted() && !member.isLearner())
                .filter(member -> !member.id().equals(own))
                .toList();
        if (voters.isEmpty()) {
            return "there is nobody else to lead";
        }
        ToolException last = new ToolException("No member took over.");
        for (ClusterMember voter : voters) {
            try {
                cluster.require("/v3/maintenance/transfer-leadership", "{\"targetID\":\"" + voter.id() + "\"}");
                return voter.name() + " leads now";
            } catch (ToolException refused) {
                last = refused; // it may be down; the next may not be
            }
        }
        throw last;
    }
}
