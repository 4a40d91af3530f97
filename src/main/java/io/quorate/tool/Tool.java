package io.quorate.tool;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The commands, by the name that is the first argument of a start. */
public enum Tool {
    /** Prepares the start of a member whose peers may or may not run: founds, joins, or goes on. */
    JOIN("join", Set.of("name", "peer-url", "founders", "data-dir", "wal-dir", "settings", "replace-lost")) {
        @Override
        String act(Options options, ClusterClient cluster) {
            return new Join(options, cluster).prepare();
        }
    },
    /** Removes members that are not wanted any more, before they are stopped. */
    RETIRE("retire", Set.of("set", "size")) {
        @Override
        String act(Options options, ClusterClient cluster) {
            return new Retirement(options, cluster).removeUnwanted();
        }
    },
    /** Hands the leadership of the member at the endpoint to another. */
    MOVE_LEADER("move-leader", Set.of()) {
        @Override
        String act(Options options, ClusterClient cluster) {
            return new Leave(cluster).moveLeadership();
        }
    },
    /** Puts a key, gets it and deletes it. */
    CHECK("check", Set.of("name")) {
        @Override
        String act(Options options, ClusterClient cluster) {
            return new Check(options, cluster).putAndGet();
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
            try (ClusterClient cluster = new ClusterClient(given)) {
                System.out.println(command + ": " + act(given, cluster));
                return 0;
            }
        } catch (ToolException
                | IllegalArgumentException failure) { // the latter from a number, time or URL in an option
            System.err.println(command + ": " + failure.getMessage());
            return 1;
        }
    }

    /** @return one line that tells what was done */
    abstract String act(Options options, ClusterClient cluster);
}
