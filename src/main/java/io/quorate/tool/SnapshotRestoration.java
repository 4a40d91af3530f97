package io.quorate.tool;

import io.quorate.backup.MemberDirectory;
import io.quorate.backup.RestoredCluster;
import io.quorate.backup.SnapshotFile;
import io.quorate.backup.SnapshotRestore;
import io.quorate.backup.archive.ArchiveRestore;
import io.quorate.backup.archive.RestorePlan;
import io.quorate.config.InitialCluster;
import io.quorate.config.MemberUrl;
import io.quorate.tool.Tool.ToolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lombok.RequiredArgsConstructor;

/** The directory of a member of a new cluster from a snapshot. */
@RequiredArgsConstructor
final class SnapshotRestoration {

    private final Options options;

    /** @throws ToolException if options contradict each other */
    String run() throws IOException {
        long bump = options.optional("bump-revision").isPresent() ? options.revision("bump-revision") : 0;
        boolean compacted = options.isOn("mark-compacted");
        if (bump != 0 && !compacted) {
            throw new ToolException("--mark-compacted required if --revision-bump > 0");
        }
        if (bump == 0 && compacted) {
            throw new ToolException("--mark-compacted disallowed if --revision-bump == 0");
        }
        Path data = Path.of(options.optional("data-dir").orElseGet(() -> name() + ".etcd"));
        Path log = options.optional("wal-dir").map(Path::of).orElse(null);
        if (options.isOn("if-empty") && (Files.exists(data.resolve("member")) || !isNamed())) {
            return data + " is left as it is: "
                    + (isNamed() ? "there is a member" : "initial-cluster does not name " + name());
        }
        RestoredCluster cluster = cluster();
        MemberDirectory directory = new MemberDirectory(data, log);
        if (options.optional("from").isPresent()) {
            return fromArchive(new ArchiveRestore(cluster, bump, compacted), directory, data);
        }
        checkNone("to-revision", "to-time", "cluster", "key-file", "credentials-file");
        try (SnapshotInput input = SnapshotInput.of(options);
                SnapshotFile snapshot = options.isOn("skip-hash-check") ? input.open(true) : input.openVerifying()) {
            long revision = new SnapshotRestore(cluster, bump, compacted).into(directory, snapshot);
            return "restored snapshot " + options.required("file") + " to " + data + ": revision " + revision
                    + identity(cluster);
        }
    }

    /** Members that are made of different moments would differ forever, so several need a moment that stays the same. */
    private String fromArchive(ArchiveRestore restore, MemberDirectory directory, Path data) throws IOException {
        checkNone("file", "skip-hash-check", "initial-memory-map-size");
        try (ArchiveInput input = ArchiveInput.of(options)) {
            RestorePlan plan = input.plan(options);
            String time = plan.last().time().toString();
            boolean fixed = options.optional("to-revision").isPresent()
                    || options.optional("to-time").isPresent();
            if (restore.cluster().members().size() > 1 && !fixed) {
                throw new ToolException("several members must be made of the same moment: add --to-time=" + time
                        + " for the newest there is, to each of them");
            }
            if (restore.cluster().members().size() > 1
                    && options.optional("to-time").isPresent()
                    && !input.isOver(ArchiveInput.time(options.required("to-time")))) {
                throw new ToolException(
                        "several members must be made of the same moment, and of that time there may be more"
                                + " to come: take --to-time=" + time + ", of the newest there is, for each of them");
            }
            plan.gap().ifPresent(gap -> System.err.println("Warning: " + gap));
            long revision = restore.into(directory, input.store(), input.seal(), plan);
            return "restored " + input.store() + " of " + time + " to " + data + ": revision " + revision
                    + identity(restore.cluster());
        }
    }

    private static String identity(RestoredCluster cluster) {
        return ", member " + Long.toHexString(cluster.identity().getNodeID()) + " of cluster "
                + Long.toHexString(cluster.identity().getClusterID());
    }

    private void checkNone(String... foreign) {
        for (String option : foreign) {
            if (options.optional(option).isPresent()) {
                throw new ToolException("--" + option + " does not go with "
                        + (options.optional("from").isPresent() ? "--from" : "a file"));
            }
        }
    }

    private String name() {
        return options.optional("name").orElse("default");
    }

    private boolean isNamed() {
        return urls().containsKey(name());
    }

    private Map<String, List<String>> urls() {
        Map<String, List<String>> urls = new LinkedHashMap<>();
        InitialCluster.of(options.optional("initial-cluster").orElse("default=http://localhost:2380"))
                .members()
                .forEach((member, peers) ->
                        urls.put(member, peers.stream().map(MemberUrl::toString).toList()));
        return urls;
    }

    private RestoredCluster cluster() {
        String name = name();
        Map<String, List<String>> urls = urls();
        RestoredCluster cluster = RestoredCluster.of(
                urls, options.optional("initial-cluster-token").orElse("etcd-cluster"), name);
        options.optional("initial-advertise-peer-urls").ifPresent(given -> checkAdvertised(given, urls, name));
        return cluster;
    }

    private static void checkAdvertised(String given, Map<String, List<String>> urls, String name) {
        List<String> advertised = Arrays.stream(given.split(","))
                .map(url -> MemberUrl.of(url.strip()).toString())
                .sorted()
                .toList();
        List<String> listed =
                urls.getOrDefault(name, List.of()).stream().sorted().toList();
        if (!advertised.equals(listed)) {
            throw new ToolException("--initial-cluster has " + name + "=" + String.join("," + name + "=", listed)
                    + " but --initial-advertise-peer-urls is " + given);
        }
    }
}
