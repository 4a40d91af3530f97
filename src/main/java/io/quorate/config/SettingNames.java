package io.quorate.config;

import io.quorate.config.LiveSettings.ChangesAtRunTime;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * The names that exist under {@code quorate.}, and the check that no others are used.
 *
 * <p>Several records share the prefix, so the binder's own check for unknown fields cannot serve: each record would
 * refuse the names of the others. Variables of the process environment are written otherwise; see {@link SettingVariables}.
 */
public final class SettingNames {

    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("quorate");

    /** Every record of settings: those that the configuration makes available. */
    static final List<Class<? extends Record>> RECORDS = Arrays.stream(SettingsConfiguration.class
                    .getAnnotation(EnableConfigurationProperties.class)
                    .value())
            .<Class<? extends Record>>map(type -> type.asSubclass(Record.class))
            .toList();

    private SettingNames() {}

    /** All names, in kebab case. */
    public static SortedSet<String> all() {
        return names(component -> true);
    }

    /** The names of those that change at run time. */
    public static SortedSet<String> changeable() {
        return names(component -> component.isAnnotationPresent(ChangesAtRunTime.class));
    }

    private static SortedSet<String> names(Predicate<RecordComponent> which) {
        SortedSet<String> names = new TreeSet<>();
        for (Class<? extends Record> type : RECORDS) {
            String prefix = type.getAnnotation(ConfigurationProperties.class).value();
            for (RecordComponent component : type.getRecordComponents()) {
                if (which.test(component)) {
                    names.add(prefix + "." + DataObjectPropertyName.toDashedForm(component.getName()));
                }
            }
        }
        return names;
    }

    /**
     * Looks through every source of settings.
     *
     * @throws UnknownSettingException naming the first that does not exist
     */
    static void check(Environment environment) {
        SortedSet<String> known = all();
        List<ConfigurationPropertyName> knownNames =
                known.stream().map(ConfigurationPropertyName::of).toList();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (isEnvironment(source)
                    && source.getUnderlyingSource() instanceof EnumerablePropertySource<?> variables) {
                SettingVariables.check(variables, known);
                continue;
            }
            unknownNames(source, knownNames).findFirst().ifPresent(unknown -> {
                throw new UnknownSettingException(
                        unknown.toString(), origin(source, unknown), closest(unknown.toString(), known));
            });
        }
    }

    private static Stream<ConfigurationPropertyName> unknownNames(
            ConfigurationPropertySource source, Collection<ConfigurationPropertyName> known) {
        if (!(source instanceof IterableConfigurationPropertySource iterable)) {
            return Stream.empty();
        }
        return iterable.stream().filter(PREFIX::isAncestorOf).filter(name -> !known.contains(withoutIndex(name)));
    }

    private static boolean isEnvironment(ConfigurationPropertySource source) {
        return source.getUnderlyingSource() instanceof PropertySource<?> underlying
                && underlying.getName().startsWith(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
    }

    private static ConfigurationPropertyName withoutIndex(ConfigurationPropertyName name) {
        return name.isLastElementIndexed() ? name.getParent() : name;
    }

    private static String origin(ConfigurationPropertySource source, ConfigurationPropertyName name) {
        return Optional.ofNullable(source.getConfigurationProperty(name))
                .flatMap(property -> Optional.ofNullable(property.getOrigin()))
                .map(Object::toString)
                .orElseGet(() -> String.valueOf(source.getUnderlyingSource()));
    }

    /** The name that resembles an unknown one most, if one does. */
    static Optional<String> closest(String unknown, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(name -> distance(unknown, name)))
                .filter(name -> distance(unknown, name) <= Math.max(2, unknown.length() / 5));
    }

    /** Letters to change, insert or remove to get from one name to the other. */
    private static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        for (int column = 0; column < row.length; column++) {
            row[column] = column;
        }
        for (int line = 1; line <= left.length(); line++) {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column < row.length; column++) {
                int change = diagonal + (left.charAt(line - 1) == right.charAt(column - 1) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.min(change, Math.min(row[column], row[column - 1]) + 1);
            }
        }
        return row[right.length()];
    }
}
