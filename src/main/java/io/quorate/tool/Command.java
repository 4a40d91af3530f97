package io.quorate.tool;

import io.quorate.backup.SnapshotException;
import io.quorate.base.Fault;
import io.quorate.base.FileFailure;
import io.quorate.base.UnusableException;
import io.quorate.bbolt.BboltException;
import io.quorate.migrate.MigrationException;
import io.quorate.tool.HandOver.HandOverException;
import io.quorate.tool.Tool.ToolException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a command is called: what its help says and what its options are checked against.
 *
 * @param name the first arguments of the start
 * @param purpose what the command does, as sentences
 * @param patience how long it tries without {@code --timeout}
 * @param oneOf options of which at least one must be there
 * @param options those of its own
 * @param offline whether it has none of the options that commands for a cluster share
 * @param isAsEtcd whether it takes a file without a name, and {@code -w}, and prints what etcd's tools print
 */
record Command(
        String name,
        String purpose,
        Duration patience,
        List<String> oneOf,
        List<Option> options,
        boolean offline,
        boolean isAsEtcd) {

    static final int FAILED = 1;

    /** What etcd's tools end with if there is no such format. */
    static final int BAD_FORMAT = 4;

    /** What etcd's tools end with if arguments are wrong or missing. */
    private static final int BAD_ARGUMENTS = 128;

    static final Set<String> HELP = Set.of("--help", "-help", "-h", "help");

    /** A command that talks to a cluster. */
    Command(String name, String purpose, Duration patience, List<String> oneOf, List<Option> options) {
        this(name, purpose, patience, oneOf, options, false, false);
    }

    /** A command with its own options alone, such as one that works on files. */
    static Command offline(String name, String purpose, List<Option> options) {
        return offline(name, purpose, List.of(), options);
    }

    /** The same, of whose options one of some must be there. */
    static Command offline(String name, String purpose, List<String> oneOf, List<Option> options) {
        return new Command(name, purpose, Duration.ZERO, oneOf, options, true, false);
    }

    /** The same, called as etcd's tools are. */
    Command asEtcd() {
        return new Command(name, purpose, patience, oneOf, options, offline, true);
    }

    /** What a command does. */
    @FunctionalInterface
    interface Work {

        /**
         * Does it.
         *
         * @return what was done, in words; empty if there is nothing to print
         * @throws ToolException if it could not be done
         */
        String run(Options options) throws IOException;
    }

    /**
     * Does the work and prints what was done, or prints how the command is called.
     *
     * @param arguments those behind its name
     * @return 0, or another number if it could not be done
     */
    int run(List<String> arguments, Work work) {
        if (arguments.stream().anyMatch(HELP::contains)) {
            System.out.print(help());
            return 0;
        }
        String speaker = name.split(" ")[0] + ": ";
        try {
            Options given = parse(arguments);
            String told = work.run(given);
            if (!told.isEmpty()) {
                System.out.println((isAsEtcd ? "" : speaker) + told);
            }
            return 0;
        } catch (ToolException
                | HandOverException
                | SnapshotException
                | MigrationException
                | BboltException
                | UnusableException
                | Fault
                | IOException
                | UncheckedIOException
                | IllegalArgumentException failure) { // the last from a number, time or URL in an option
            System.err.println((isAsEtcd ? "Error: " : speaker) + FileFailure.describe(failure));
            return failure instanceof ToolException known ? known.exitCode : FAILED;
        }
    }

    private Options parse(List<String> arguments) {
        try {
            Options given = Options.parse(isAsEtcd ? spelledOut(arguments) : arguments, this);
            checkComplete(given);
            return given;
        } catch (ToolException bad) {
            throw isAsEtcd ? new ToolException(FileFailure.describe(bad), BAD_ARGUMENTS) : bad;
        }
    }

    /** Etcd's tools take the file without a name, and {@code -w}. */
    private List<String> spelledOut(List<String> arguments) {
        List<String> spelled = new ArrayList<>();
        String file = null;
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String argument = rest.next();
            if (argument.equals("-w")) {
                spelled.add("--write-out");
                if (rest.hasNext()) {
                    spelled.add(rest.next());
                }
            } else if (argument.startsWith("--")) {
                spelled.add(argument);
                boolean onOff =
                        option(argument.substring(2)).map(Option::isOnOff).orElse(false);
                if (!argument.contains("=") && !onOff && rest.hasNext()) {
                    spelled.add(rest.next());
                }
            } else if (file == null) {
                file = argument;
                spelled.add("--file=" + argument);
            } else {
                throw new ToolException("There are two files, '" + file + "' and '" + argument + "'."
                        + (Options.isOnOffValue(argument) || Options.isOnOffValue(file)
                                ? " " + Option.ON_OFF_RULE
                                : ""));
            }
        }
        return spelled;
    }

    /** @throws ToolException naming all that is missing */
    void checkComplete(Options given) {
        List<String> missing = new ArrayList<>(all().filter(Option::required)
                .map(Option::name)
                .filter(option -> given.optional(option).isEmpty())
                .map(option -> "--" + option)
                .toList());
        if (!oneOf.isEmpty()
                && oneOf.stream().allMatch(option -> given.optional(option).isEmpty())) {
            missing.add(oneOf.stream().map(option -> "--" + option).collect(Collectors.joining(" or ")));
        }
        if (!missing.isEmpty()) {
            throw new ToolException(
                    missing.size() == 1
                            ? "The option " + missing.getFirst() + " is missing."
                            : "These options are missing: " + String.join(", ", missing) + ".");
        }
    }

    Optional<Option> option(String option) {
        return all().filter(known -> known.name().equals(option)).findFirst();
    }

    /** Its own and those that each command has. */
    private Stream<Option> all() {
        if (offline) {
            return options.stream();
        }
        boolean endpointsNeeded = !oneOf.contains("endpoints");
        return Stream.concat(
                Stream.of(new Option(
                        "endpoints",
                        "URL,URL",
                        "client URLs of members, tried in this order; without a scheme they are http",
                        endpointsNeeded)),
                Stream.concat(options.stream(), shared()));
    }

    private Stream<Option> shared() {
        return Stream.of(
                Option.optional(
                        "timeout", "TIME", "how long to try, like 5s or 2m; without it " + patience.toSeconds() + "s"),
                Option.optional("cacert", "FILE", "who vouches for the members, at endpoints with https"),
                Option.optional("cert", "FILE", "the certificate to show to members that ask for one"),
                Option.optional("key", "FILE", "its private key"),
                Option.optional(
                        "user", "NAME", "who logs in where authentication is on, also NAME:PASSWORD; without it root"),
                Option.optional("password-file", "FILE", "file with that user's password"),
                Option.optional("password", "TEXT", "the password itself, which other users of the machine see"));
    }

    String help() {
        int width = all().mapToInt(option -> option.written().length()).max().orElse(0);
        String lines = all().map(option -> "  " + option.written()
                        + " ".repeat(width - option.written().length() + 3)
                        + option.meaning() + (option.required() ? " (required)" : "") + "\n")
                .collect(Collectors.joining());
        String choice = oneOf.isEmpty()
                ? ""
                : "\nOne of " + oneOf.stream().map(option -> "--" + option).collect(Collectors.joining(", "))
                        + " is required.\n";
        return "Usage: quorate " + name + " [options]\n\n" + purpose
                + "\n\nOptions are written --name=value or --name value:\n" + lines + choice
                + (all().anyMatch(Option::isOnOff) ? "\n" + Option.ON_OFF_RULE + "\n" : "")
                + (isAsEtcd
                        ? "\nThe command ends with 0 if it did its work, with 128 if arguments are wrong, with 4 if there is no such"
                                + " format, else with 1.\n"
                        : "\nThe command ends with 0 if it did its work, with 1 if not.\n");
    }
}
