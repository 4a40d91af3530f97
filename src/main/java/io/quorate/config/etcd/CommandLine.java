package io.quorate.config.etcd;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** What a start asks for. */
public sealed interface CommandLine {

    /** Text about the flags is asked for. */
    record Help() implements CommandLine {}

    /** The version is asked for. */
    record Version() implements CommandLine {}

    /**
     * A member is to run.
     *
     * @param arguments what Spring is given
     * @param notices what is worth a warning in the log, one line each
     */
    record Run(List<String> arguments, List<String> notices) implements CommandLine {}

    /**
     * Reads a start by etcd's rules: with a configuration file all other flags and variables are ignored; else a flag
     * beats its variable. Where nothing of etcd's is used, the arguments stay as they are.
     *
     * @param environment the variables of the process
     * @throws BadFlagException if etcd would not understand it, or if to ignore a flag would be unsafe
     */
    static CommandLine read(List<String> arguments, Map<String, String> environment) {
        FlagParser line = FlagParser.parse(arguments);
        if (line.flags().containsKey("help") || line.flags().containsKey("h")) {
            return new Help();
        }
        if (line.flags().containsKey("version")) {
            return new Version();
        }
        List<String> notices = new ArrayList<>();
        Map<String, String> flags = new LinkedHashMap<>(fromVariables(environment, line.flags(), notices));
        flags.putAll(line.flags());
        String file = flags.get("config-file");
        if (file != null) {
            notices.clear();
            notices.add(
                    "Loading server configuration from \"" + file
                            + "\". Other configuration command line flags and environment variables will be ignored if provided.");
            ConfigFile configuration = ConfigFile.read(Path.of(file));
            configuration.unknownKeys().forEach(key -> notices.add("unrecognized key " + key + " in " + file));
            flags = configuration.flags();
        }
        if (flags.isEmpty() && file == null) {
            return new Run(line.others(), notices);
        }
        return new Run(springArguments(properties(flags, notices), line.others()), notices);
    }

    private static Map<String, String> fromVariables(
            Map<String, String> environment, Map<String, String> flags, List<String> notices) {
        Map<String, String> found = new LinkedHashMap<>();
        new TreeMap<>(environment).forEach((variable, value) -> {
            if (!variable.startsWith("ETCD_") || value.isEmpty()) {
                return;
            }
            EtcdFlags.ofVariable(variable)
                    .ifPresentOrElse(
                            flag -> {
                                found.put(flag.name(), value);
                                if (flags.containsKey(flag.name())) {
                                    notices.add(variable + " is shadowed by the flag --" + flag.name());
                                }
                            },
                            () -> notices.add("unrecognized environment variable " + variable));
        });
        return found;
    }

    private static Map<String, String> properties(Map<String, String> flags, List<String> notices) {
        // As in etcd, pages for operators have a port of their own only where it is asked for.
        Map<String, String> properties = new LinkedHashMap<>(Map.of("management.server.port", "-1"));
        flags.forEach((name, value) -> {
            EtcdFlag flag = EtcdFlags.named(name);
            String converted = flag.convert(value);
            switch (flag.effect()) {
                case EtcdFlag.Effect.Sets sets -> properties.putAll(flag.properties(converted));
                case EtcdFlag.Effect.Ignored ignored ->
                    notices.add("--" + name + " is accepted and ignored: it " + ignored.reason());
                case EtcdFlag.Effect.Refused refused -> {
                    // Without a value it asks for nothing; etcd's sample of a file has it so.
                    if (!value.isEmpty()) {
                        throw new BadFlagException("--" + name + " cannot be used: it " + refused.reason());
                    }
                }
            }
        });
        return properties;
    }

    private static List<String> springArguments(Map<String, String> properties, List<String> springs) {
        List<ConfigurationPropertyName> explicit = springs.stream()
                .map(argument -> argument.substring(2).split("=", 2)[0])
                .map(name -> ConfigurationPropertyName.adapt(name, '.'))
                .toList();
        List<String> all = new ArrayList<>();
        properties.forEach((name, value) -> {
            if (!explicit.contains(ConfigurationPropertyName.of(name))) {
                all.add("--" + name + "=" + value);
            }
        });
        all.addAll(springs);
        return all;
    }

    /** A command line, variable or configuration file that cannot be understood; the message is written for its author. */
    final class BadFlagException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        BadFlagException(String message) {
            super(message);
        }
    }
}
