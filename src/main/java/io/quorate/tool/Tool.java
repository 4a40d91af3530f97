package io.quorate.tool;

import static io.quorate.tool.Option.onOff;
import static io.quorate.tool.Option.optional;
import static io.quorate.tool.Option.required;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The commands, by the name that is the first argument of a start. */
public enum Tool {
    /** Prepares the start of a member whose peers may or may not run: founds, joins, or goes on. */
    JOIN(
            new Command(
                    "join",
                    """
                    Decides how a member starts and writes that as settings for it: a member with data goes on, one without joins
                    the cluster if that answers, and the founders found one if nobody answers.""",
                    Duration.ofMinutes(5),
                    List.of("data-dir", "wal-dir"),
                    List.of(
                            required("name", "NAME", "name of the member"),
                            required("peer-url", "URL", "where other members reach it"),
                            required(
                                    "founders",
                                    "NAME=URL,...",
                                    "the first members of the cluster, with their peer URLs"),
                            required(
                                    "settings",
                                    "FILE",
                                    "the YAML file to write, for --spring.config.additional-location"),
                            optional("data-dir", "DIR", "data directory of the member"),
                            optional("wal-dir", "DIR", "directory of its log, if that is elsewhere"),
                            onOff("replace-lost", "removes an earlier member with this peer URL, whose data is lost"),
                            optional("peer-cert", "FILE", "the certificate to show on peer ports with https"),
                            optional("peer-key", "FILE", "its private key"),
                            optional("peer-cacert", "FILE", "who vouches for the members on their peer ports"))),
            options -> onCluster(options, cluster -> new Join(options, cluster).prepare())),
    /** Removes members that are not wanted any more, before they are stopped. */
    RETIRE(
            new Command(
                    "retire",
                    """
                    Removes the members SET-N with N at or above the size from the cluster, one after the other. Members with
                    other names stay.""",
                    Duration.ofMinutes(1),
                    List.of(),
                    List.of(
                            required("set", "SET", "what the names of the members begin with, before -0, -1, ..."),
                            required("size", "N", "how many members shall be left of the set"))),
            options -> onCluster(options, cluster -> new Retirement(options, cluster).removeUnwanted())),
    /** Hands the leadership of the member at the endpoint to another. */
    MOVE_LEADER(
            new Command(
                    "move-leader",
                    "Hands the leadership to another member if the member at the endpoint leads; best done before it stops.",
                    Duration.ofSeconds(10),
                    List.of(),
                    List.of()),
            options -> onCluster(options, cluster -> new Leave(cluster).moveLeadership())),
    /** Turns authentication on, once. */
    AUTH_INIT(
            new Command("auth-init", """
                    Turns authentication on: adds the user with the password of the file, grants the role root, and enables.
                    Where authentication is on it changes nothing, and fails if that password is not the user's.""", Duration.ofMinutes(1), List.of("password-file"), List.of()),
            options -> onCluster(options, cluster -> new AuthSetup(options, cluster).enable())),
    /** Saves, describes, checks and restores snapshots. */
    SNAPSHOT(
            SnapshotCommand::runNamed,
            Command.offline("snapshot", "Saves, describes, checks and restores snapshots.", List.of())),
    /** The hash of a snapshot's history. */
    HASHKV(SnapshotCommand.HASHKV::run, SnapshotCommand.HASHKV.command()),
    /** Puts a key, gets it and deletes it, or gets it alone; with a data or log directory reads the log of a stopped member instead. */
    CHECK(
            new Command(
                    "check",
                    """
                    Puts a key through the endpoints, gets it and deletes it, or with read-only gets it alone, which needs a leader
                    and a majority, too. With a directory it reads the log of a stopped member instead, tells which entries
                    it has, and changes nothing.""",
                    Duration.ofSeconds(5),
                    List.of("endpoints", "data-dir", "wal-dir"),
                    List.of(
                            optional(
                                    "name",
                                    "NAME",
                                    "the key is quorate-check/NAME, so that several checks do not meet"),
                            Option.onOff("read-only", "gets the key, whether there is one or not, and changes nothing"),
                            optional("data-dir", "DIR", "data directory of a stopped member"),
                            optional("wal-dir", "DIR", "directory of its log, if that is elsewhere"))),
            Tool::check),
    /** Makes a cluster answer what clients ask for. */
    REHEARSE(
            Command.offline(
                    "rehearse",
                    """
                    Has the first member answer what clients ask for, while it leads and while it follows, for the record of a
                    start ('bin/quorate record'). It writes keys and moves the leadership: for a cluster to throw away.""",
                    List.of(
                            required(
                                    "endpoints",
                                    "URL,URL",
                                    "client URLs of all members, without TLS or authentication"),
                            optional("rounds", "N", "how often each call is made; without it 250"))),
            options -> Rehearse.run(options)),
    /** Makes the directory of a member from that of a stopped etcd. */
    MIGRATE(Migrate::runNamed, Migrate.COMMAND);

    private final Command command;
    private final Runner runner;

    /** What becomes of the arguments behind the name. */
    private interface Runner {
        int run(List<String> arguments);
    }

    Tool(Command command, Command.Work work) {
        this(arguments -> command.run(arguments, work), command);
    }

    /** One that chooses among commands by its arguments. */
    Tool(Runner runner, Command command) {
        this.command = command;
        this.runner = runner;
    }

    Command command() {
        return command;
    }

    /** The command that a start names, if it names one. */
    public static Optional<Tool> namedBy(String... arguments) {
        return Arrays.stream(values())
                .filter(tool -> arguments.length > 0 && tool.command.name().equals(arguments[0]))
                .findFirst();
    }

    /**
     * Does the work and tells what was done, or tells how the command is called.
     *
     * @param arguments the name and the options, which are written {@code --name=value} or {@code --name value}
     * @return 0, or another number if it could not be done
     */
    public int run(List<String> arguments) {
        return runner.run(arguments.subList(1, arguments.size()));
    }

    private static String check(Options options) {
        boolean offline = options.optional("data-dir")
                .or(() -> options.optional("wal-dir"))
                .isPresent();
        return offline
                ? new LogCheck(options).readAll()
                : onCluster(options, cluster -> {
                    Check check = new Check(options, cluster);
                    return options.isOn("read-only") ? check.get() : check.putAndGet();
                });
    }

    private static String onCluster(Options options, Function<ClusterClient, String> work) {
        try (ClusterClient cluster = new ClusterClient(options)) {
            return work.apply(cluster);
        }
    }

    /** A command that failed; the message is written for the operator. */
    static final class ToolException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        /** What the command ends with. */
        final int exitCode;

        ToolException(String message) {
            this(message, Command.FAILED);
        }

        ToolException(String message, int exitCode) {
            super(message);
            this.exitCode = exitCode;
        }
    }
}
