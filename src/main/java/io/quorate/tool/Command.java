package io.quorate.tool;

import io.quorate.tool.Tool.ToolException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a command is called: what its help says and what its options are checked against.
 *
 * @param name the first argument of the start
 * @param purpose what the command does, as sentences
 * @param patience how long it tries without {@code --timeout}
 * @param oneOf options of which at least one must be there
 * @param options those of its own
 * @param offline whether it has none of the options that commands for a cluster share
 */
record Command(
        String name, String purpose, Duration patience, List<String> oneOf, List<Option> options, boolean offline) {

    /** A command that talks to a cluster. */
    Command(String name, String purpose, Duration patience, List<String> oneOf, List<Option> options) {
        this(name, purpose, patience, oneOf, options, false);
    }

    /** A command with its own options alone, such as one that works on files. */
    static Command offline(String name, String purpose, List<Option> options) {
        return new Command(name, purpose, Duration.ZERO, List.of(), options, true);
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
                Stream.concat(
                        options.stream(),
                        Stream.of(
                                Option.optional(
                                        "timeout",
                                        "TIME",
                                        "how long to try, like 5s or 2m; without it " + patience.toSeconds() + "s"),
                                Option.optional(
                                        "cacert", "FILE", "who vouches for the members, at endpoints with https"),
                                Option.optional("cert", "FILE", "the certificate to show to members that ask for one"),
                                Option.optional("key", "FILE", "its private key"),
                                Option.optional(
                                        "user", "NAME", "who logs in where authentication is on; without it root"),
                                Option.optional("password-file", "FILE", "file with that user's password"))));
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
                + "\nThe command ends with 0 if it did its work, with 1 if not.\n";
    }
}
