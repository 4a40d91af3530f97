package io.quorate.tool;

import java.util.List;
import java.util.Map;

/** Removes the members of a set that are beyond its new size, one after the other, so that no quorum is lost with them. */
final class Retirement {

    private final Options options;
    private final ClusterClient cluster;
    private final String stem;
    private final int size;

    Retirement(Options options, ClusterClient cluster) {
        this.options = options;
        this.cluster = cluster;
        stem = options.required("set") + "-";
        size = options.number("size");
    }

    String removeUnwanted() {
        RetryLoop patience = new RetryLoop(options.timeout(), cluster::lastFailure);
        List<ClusterMember> unwanted = patience.until("the cluster", cluster::members).stream()
                .filter(member -> isBeyondTheSize(member.name()))
                .toList();
        for (ClusterMember member : unwanted) {
            // Strict reconfiguration refuses while the others are not connected; then another try is needed.
            Map<String, Object> unused = patience.until(
                    "removal of " + member.name(),
                    () -> cluster.call("/v3/cluster/member/remove", "{\"ID\":\"" + member.id() + "\"}"));
        }
        return "removed " + unwanted.stream().map(ClusterMember::name).toList();
    }

    /** Members with names of another form were added by other means, which will take care of them. */
    private boolean isBeyondTheSize(String name) {
        String ordinal = name.startsWith(stem) ? name.substring(stem.length()) : "";
        return ordinal.matches("\\d{1,9}") && Integer.parseInt(ordinal) >= size;
    }
}
