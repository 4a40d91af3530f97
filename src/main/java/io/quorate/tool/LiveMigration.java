package io.quorate.tool;

import io.quorate.backup.SnapshotException;
import io.quorate.backup.SnapshotFile;
import io.quorate.base.FileFailure;
import io.quorate.tool.FollowingCluster.State;
import io.quorate.tool.Tool.ToolException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/**
 * Follows a running etcd until the cluster takes over from it (docs/adr/0009-follow-an-etcd.md). Everything that must not be forgotten is
 * in the cluster: this process may end at any time, and another one goes on. Used by one thread.
 */
final class LiveMigration {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** What another try does not mend. */
    private static final List<String> FINAL = List.of(
            FollowingCluster.NO_QUORATE,
            "quorate: only an empty cluster",
            "quorate: this cluster follows another",
            "quorate: this step of following is malformed",
            "permission denied",
            "invalid user ID or password",
            "user name is empty",
            "database space exceeded",
            "request is too large",
            "corrupt cluster",
            ClusterClient.COMMON_NAME_REFUSED);

    private final Options options;
    private final SourceEtcd source;
    private final FollowingCluster target;
    private final Path scratch;
    private final HandOver handOver;
    private long failingSince;
    private String told = "";

    LiveMigration(Options options, SourceEtcd source, FollowingCluster target) {
        this.options = options;
        this.source = source;
        this.target = target;
        this.scratch = Path.of(options.optional("scratch-dir").orElse(System.getProperty("java.io.tmpdir")));
        this.handOver = new HandOver(options, source, target, scratch);
    }

    /**
     * Goes on until the cluster has taken over.
     *
     * @throws ToolException if something cannot be mended by another try, or did not work for too long
     */
    String run() {
        try {
            return runOn();
        } finally {
            handOver.giveUpUnlessDone();
        }
    }

    private String runOn() {
        while (true) {
            try {
                State state = target.refresh();
                if (state.is("TAKEN_OVER")) {
                    handOver.over();
                    return takenOver(state);
                }
                String done = goOn(state);
                if (done != null) {
                    return done;
                }
            } catch (ToolException | SnapshotException | IOException failure) {
                failed(FileFailure.describe(failure));
            }
        }
    }

    private @Nullable String goOn(State state) throws IOException {
        if (state.is("FOLLOWING")) {
            requireSource(state);
            try (SourceEtcd watched = source.another();
                    WatchedParts parts = new WatchedParts(watched, state.revision() + 1)) {
                FollowLoop loop = new FollowLoop(options, source, target, parts, handOver, this::worked);
                if (loop.run()) {
                    return handOver.outcome();
                }
                tell("The etcd has compacted what comes behind revision "
                        + target.state().revision() + ": the rest is taken from a snapshot.");
            }
        } else if (state.is("NONE")) {
            begin();
        }
        load();
        return null;
    }

    private void requireSource(State state) {
        String found = source.position().clusterId();
        if (!found.equals(state.source())) {
            throw new ToolException(
                    "quorate: this cluster follows another etcd: cluster " + state.source() + " and not " + found);
        }
    }

    private void begin() {
        if (source.isSealed()) {
            throw new ToolException(
                    "The etcd is sealed by an earlier hand-over (corrupt cluster): if no cluster has taken over,"
                            + " 'etcdctl alarm disarm' withdraws the seal.");
        }
        if (source.isCorrupt()) {
            throw new ToolException(
                    "The etcd has the alarm CORRUPT (corrupt cluster): find out which of its members is right.");
        }
        target.step("begin", Map.of("source_cluster_id", source.position().clusterId()));
    }

    private void load() throws IOException {
        requireSource(target.state());
        try (SnapshotInput fetched = SnapshotInput.fetched(source, scratch);
                SnapshotFile snapshot = fetched.open(false)) {
            long sent = new SnapshotLoading(snapshot, target).run();
            worked();
            tell("Took over " + sent + " records of a snapshot, up to revision "
                    + target.state().revision() + ".");
        }
        int leases = new LeaseCopy(source, target).copy();
        tell("Follows the etcd with " + leases + " leases.");
    }

    private void worked() {
        failingSince = 0;
        told = "";
    }

    private void failed(String reason) {
        handOver.checkPause(reason);
        if (FINAL.stream().anyMatch(reason::contains)) {
            throw new ToolException(reason);
        }
        long now = System.nanoTime();
        failingSince = failingSince == 0 ? now : failingSince;
        Duration limit = options.timeout();
        if (now - failingSince > limit.toNanos()) {
            throw new ToolException(
                    "Gave up after " + DurationStyle.SIMPLE.print(limit) + " without success: " + reason);
        }
        if (!reason.equals(told)) {
            told = reason;
            System.err.println(reason);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
    }

    static String takenOver(State state) {
        return "the cluster has taken over at revision " + state.revision();
    }

    static void tell(String line) {
        System.out.println("migrate: " + line);
    }
}
