package io.quorate.tool;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The commands, by the name that is the first argument of a start. */
public enum Tool {
    /** Prepares the start of a member whose peers may or may not run: founds, joins, or goes on. */
    JOIN(
            "join",
            Set.of(
                    "name",
                    "peer-url",
                    "founders",
                    "data-dir",
                    "wal-dir",
                    "settings",
                    "replace-lost",
                    "peer-cert",
                    "peer-key",
                    "peer-cacert")) {
        @Override
        String act(Options options) {
            return onCluster(options, cluster -> new Join(options, cluster).prepare());
        }
    },
    /** Removes members that are not wanted any more, before they are stopped. */
    RETIRE("retire", Set.of("set", "size")) {
        @Override
        String act(Options options) {
            return onCluster(options, cluster -> new Retirement(options, cluster).removeUnwanted());
        }
    },
    /** Hands the leadership of the member at the endpoint to another. */
    MOVE_LEADER("move-leader", Set.of()) {
        @Override
        String act(Options options) {
            return onCluster(options, cluster -> new Leave(cluster).moveLeadership());
        }
    },
    /** Puts a key, gets it and deletes it; with a data or log directory reads the log of a stopped member instead. */
    CHECK("check", Set.of("name", "data-dir", "wal-dir")) {
        @Override
        String act(Options options) {
            boolean offline = options.optional("data-dir")
                    .or(() -> options.optional("wal-dir"))
                    .isPresent();
            return offline
                    ? new LogCheck(options).readAll()
                    : onCluster(options, cluster -> new Check(options, cluster).putAndGet());
        }
    };

    private final String command;
    private final Set<String> options;

    Tool(String command, Set<String> options) {
        this.command = command;
        this.options = options;
    }

    /** The command that a start names, if it names one. */
    public static Optional<Tool> namedBy(String... arguments) {
        return Arrays.stream(values())
                .filter(tool -> arguments.length > 0 && tool.command.equals(arguments[0]))
                .findFirst();
    }

    /**
     * Does the work and tells what was done.
     *
     * @param arguments the name and the options, which are written {@code --name=value}
     * @return 0, or 1 if it could not be done
     */
    public int run(List<String> arguments) {
        try {
            Options given = Options.parse(arguments.subList(1, arguments.size()), options);
            System.out.println(command + ": " + act(given));
            return 0;
        } catch (ToolException
                | IllegalArgumentException failure) { // the latter from a number, time or URL in an option
            System.err.println(command + ": " + failure.getMessage());
            return 1;
        }
    }

    private static String onCluster(Options options, Function<ClusterClient, String> work) {
        try (ClusterClient cluster = new ClusterClient(options)) {
            return work.apply(cluster);
        }
    }

    /** @return what was done, in words */
    abstract String act(Options options);
}
