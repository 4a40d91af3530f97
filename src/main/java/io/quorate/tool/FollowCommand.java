package io.quorate.tool;

import static io.quorate.tool.Option.onOff;
import static io.quorate.tool.Option.optional;
import static io.quorate.tool.Option.required;

import io.quorate.tool.Tool.ToolException;
import java.time.Duration;
import java.util.List;

/** {@code migrate --follow} and {@code migrate --finish}: the cluster follows a running etcd, and takes over. */
final class FollowCommand {

    static final Command COMMAND = new Command(
            "migrate --follow",
            """
                    Has a new, empty cluster take over all data of a running etcd and follow it, revision by revision. It serves
                    reads meanwhile and refuses writes, until the same command with --finish lets it take over. This process may
                    end and be started again at any time; the cluster knows where it stands.""",
            Duration.ofMinutes(5),
            List.of(),
            List.of(
                    onOff("follow", "what this is about; finish alone means it too"),
                    required("from", "URL,URL", "client URLs of the etcd, tried in this order"),
                    onOff("finish", "takes over once the etcd has been quiet, and both have equal hashes"),
                    onOff(
                            "seal",
                            "with finish: has the etcd refuse writes by its alarm CORRUPT, instead of waiting for quiet"),
                    onOff(
                            "source-lost",
                            "with finish: takes over although the etcd is lost for good, with what has been taken over"
                                    + " until now; what the etcd has written since then is lost"),
                    optional("quiet", "TIME", "with finish: how long nothing must be written; without it 1s"),
                    optional("pause-max", "TIME", "with seal: when to give up and withdraw it; without it 30s"),
                    optional("poll", "TIME", "how often leases and compaction are looked at; without it 10s"),
                    optional("scratch-dir", "DIR", "where snapshots of the etcd lie for a while; without it /tmp"),
                    optional("from-cacert", "FILE", "who vouches for the etcd, at URLs with https"),
                    optional("from-cert", "FILE", "the certificate to show to the etcd"),
                    optional("from-key", "FILE", "its private key")));

    private FollowCommand() {}

    /** Whether these arguments of {@code migrate} mean it. */
    static boolean isNamedBy(List<String> arguments) {
        return arguments.stream().anyMatch(argument -> argument.matches("--(follow|finish|source-lost)(=.*)?"));
    }

    /** Does what the options say; returns what was done. */
    static String work(Options options) {
        boolean lost = options.isOn("source-lost");
        if (lost && (!options.isOn("finish") || options.isOn("seal"))) {
            throw new ToolException("--source-lost goes with --finish, and without --seal.");
        }
        try (SourceEtcd source = new SourceEtcd(options);
                FollowingCluster target = new FollowingCluster(options)) {
            return lost
                    ? new LostSource(options, source, target).run()
                    : new LiveMigration(options, source, target).run();
        }
    }
}
