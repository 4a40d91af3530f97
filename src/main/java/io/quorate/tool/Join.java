package io.quorate.tool;

import io.quorate.node.wal.Wal;
import io.quorate.node.wal.WalSettings;
import io.quorate.tool.Tool.ToolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Decides how a member of a set with stable names starts, and writes that as settings for it. A member with data goes on.
 * Without, it joins the cluster if that answers, as a learner that becomes a voter when it has caught up; if nobody
 * answers, neither on the ports for clients nor on those for members, the first members of the set found the cluster, and the
 * others wait for it.
 *
 * <p>A member that has run before but lost its data is a new one to the cluster, since it forgot how it voted: the old one
 * must be removed first, which is done here only on request.
 */
final class Join {

    private final Options options;
    private final ClusterClient cluster;
    private final PeerPorts peers;
    private final String name;
    private final String peerUrl;
    private final Map<String, String> founders;

    Join(Options options, ClusterClient cluster) {
        this.options = options;
        this.cluster = cluster;
        this.peers = new PeerPorts(options);
        name = options.required("name");
        peerUrl = options.required("peer-url");
        founders = Options.members(options.required("founders"));
    }

    String prepare() {
        if (hasLog()) {
            write("new", withMyself(founders));
            return name + " has data and goes on";
        }
        RetryLoop patience = new RetryLoop(options.timeout(), cluster::lastFailure);
        if (founders.containsKey(name)) {
            Optional<List<ClusterMember>> members = cluster.members().or(this::membersByPeerPorts);
            if (members.isEmpty()
                    || mine(members.get()).filter(own -> !own.hasStarted()).isPresent()) {
                write("new", founders);
                return name + " founds the cluster " + founders.keySet();
            }
        }
        List<ClusterMember> members = patience.until("the cluster", cluster::members);
        mine(members).filter(ClusterMember::hasStarted).ifPresent(lost -> {
            checkReplacing(lost);
            patience.until("removal", () -> remove(lost));
        });
        Map<String, Object> added = patience.until("a place in the cluster", this::add);
        write("existing", joined(ClusterMember.listIn(added)));
        return name + " joins the cluster as a learner";
    }

    /** Whether there is a log that says more than whose it is; one that does not stems from a start that came to nothing. */
    private boolean hasLog() {
        Path log = log();
        return Wal.exists(log) && Wal.isWritten(log, WalSettings.DEFAULT);
    }

    private Path log() {
        return options.optional("wal-dir")
                .map(Path::of)
                .orElseGet(() -> Path.of(options.required("data-dir"), "member", "wal"));
    }

    /** A cluster that has lost its quorum serves no clients, but is there all the same. */
    private Optional<List<ClusterMember>> membersByPeerPorts() {
        return peers.members(
                founders.values().stream().filter(url -> !url.equals(peerUrl)).toList());
    }

    private Optional<ClusterMember> mine(List<ClusterMember> members) {
        return members.stream()
                .filter(member -> member.peerUrls().contains(peerUrl))
                .findFirst();
    }

    private void checkReplacing(ClusterMember lost) {
        if (!Boolean.parseBoolean(options.values().get("replace-lost"))) {
            throw new ToolException("Member " + lost.id() + " with the peer URL of '" + name
                    + "' has run before, but its data is not here. If it is lost, remove the member from the cluster.");
        }
    }

    private Optional<Map<String, Object>> remove(ClusterMember lost) {
        return cluster.call("/v3/cluster/member/remove", "{\"ID\":\"" + lost.id() + "\"}");
    }

    /** Adds this member unless it is there, from an earlier try that was not answered. */
    private Optional<Map<String, Object>> add() {
        Optional<Map<String, Object>> members = cluster.call("/v3/cluster/member/list", "{\"linearizable\":true}");
        if (members.isEmpty() || mine(ClusterMember.listIn(members.get())).isPresent()) {
            return members;
        }
        return cluster.call("/v3/cluster/member/add", "{\"peerURLs\":[\"" + peerUrl + "\"],\"isLearner\":true}");
    }

    /** Those to ask for the rest; a member that has not started can tell nothing. */
    private Map<String, String> joined(List<ClusterMember> members) {
        Map<String, String> started = new LinkedHashMap<>();
        members.stream()
                .filter(ClusterMember::hasStarted)
                .forEach(member -> started.put(member.name(), member.peerUrls().getFirst()));
        return withMyself(started);
    }

    private Map<String, String> withMyself(Map<String, String> others) {
        Map<String, String> all = new LinkedHashMap<>(others);
        all.put(name, peerUrl);
        return all;
    }

    private void write(String state, Map<String, String> members) {
        String list = members.entrySet().stream()
                .map(member -> member.getKey() + "=" + member.getValue())
                .collect(Collectors.joining(","));
        try {
            Files.writeString(Path.of(options.required("settings")), """
                            quorate:
                              initial-cluster: "%s"
                              initial-cluster-state: %s
                              auto-promote: true
                            """.formatted(list, state));
        } catch (IOException unwritable) {
            throw new ToolException("The settings cannot be written: " + unwritable);
        }
    }
}
