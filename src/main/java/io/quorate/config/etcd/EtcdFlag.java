package io.quorate.config.etcd;

import io.quorate.config.etcd.CommandLine.BadFlagException;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * One of etcd's flags.
 *
 * @param name without dashes in front, such as {@code listen-client-urls}
 * @param kind how its value is written
 * @param effect what it does here
 */
record EtcdFlag(String name, ValueKind kind, Effect effect) {

    /** What becomes of a flag. */
    sealed interface Effect {

        /** @param properties from a converted value to properties of Spring */
        record Sets(Function<String, Map<String, String>> properties) implements Effect {}

        /** @param reason why it has no effect, as the rest of a sentence that starts with the flag */
        record Ignored(String reason) implements Effect {}

        /** @param reason why a start with it would not be what its author wants, likewise */
        record Refused(String reason) implements Effect {}
    }

    /** A flag that is the property of the same name. */
    static EtcdFlag setting(String name, ValueKind kind) {
        return setting(name, kind, "quorate." + name);
    }

    static EtcdFlag setting(String name, ValueKind kind, String property) {
        return new EtcdFlag(name, kind, new Effect.Sets(value -> Map.of(property, value)));
    }

    /** A flag of free text that is translated. */
    static EtcdFlag translated(String name, Function<String, Map<String, String>> properties) {
        return new EtcdFlag(name, ValueKind.TEXT, new Effect.Sets(properties));
    }

    static EtcdFlag ignored(String name, ValueKind kind, String reason) {
        return new EtcdFlag(name, kind, new Effect.Ignored(reason));
    }

    static EtcdFlag refused(String name, ValueKind kind, String reason) {
        return new EtcdFlag(name, kind, new Effect.Refused(reason));
    }

    /** The variable of the environment that stands for it. */
    String variable() {
        return "ETCD_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /**
     * The value as Spring reads it.
     *
     * @throws BadFlagException if it cannot be read
     */
    String convert(String value) {
        try {
            return kind.convert(value);
        } catch (IllegalArgumentException bad) {
            throw invalid(value, bad);
        }
    }

    /** The properties that a converted value sets; none if the flag sets nothing. */
    Map<String, String> properties(String converted) {
        try {
            return effect instanceof Effect.Sets sets ? sets.properties().apply(converted) : Map.of();
        } catch (IllegalArgumentException bad) {
            throw invalid(converted, bad);
        }
    }

    private BadFlagException invalid(String value, IllegalArgumentException bad) {
        return new BadFlagException("invalid value \"" + value + "\" for flag -" + name + ": " + bad.getMessage());
    }
}
