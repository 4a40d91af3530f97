package io.quorate.config;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.base.Metered;
import io.quorate.base.Meters;
import io.quorate.config.RefusedChangeException.Reason;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.logging.LogLevel;
import org.springframework.core.env.Environment;

/**
 * The settings in force, of which some change while the member runs: those marked {@link ChangesAtRunTime}, and the levels
 * of the log. A change lies above all that was read at start and is forgotten at the next; of two changes of the same
 * setting the later one counts.
 *
 * <p>Reading costs one volatile read and never waits. Changes come from any thread, one at a time; a change of several
 * settings is made as a whole or not at all.
 */
@Slf4j
public final class LiveSettings implements Metered {

    private static final String LEVELS = "logging.level.";

    private static final String ROOT = "root";

    /**
     * The records that have settings which change.
     *
     * @param client only {@code max-txn-ops} and {@code warning-unary-request-duration} differ from those of the start
     * @param backend only the quota, auto-compaction and {@code warning-apply-duration} do
     * @param limits only {@code apply-gap} does
     */
    public record Snapshot(ClientSettings client, BackendSettings backend, LimitSettings limits) {}

    /**
     * One setting as an operator sees it.
     *
     * @param value as it was written, but for secrets; lists are separated by commas
     * @param origin where it was written; for a value changed since the start, the author of the change
     * @param change "run time" or "restart"
     */
    public record Setting(String value, String origin, String change) {}

    /** A value that was changed since the start, and the author of the change. */
    private record Change(String value, String origin) {}

    private final Environment environment;
    private final BiConsumer<String, @Nullable LogLevel> levels;

    @GuardedBy("this")
    private SortedMap<String, Change> changes = new TreeMap<>();

    private volatile Snapshot now;

    /**
     * @param environment what was read at start
     * @param start the records bound to it
     * @param levels sets the level of a logger; null makes it that of the logger above
     */
    public LiveSettings(Environment environment, Snapshot start, BiConsumer<String, @Nullable LogLevel> levels) {
        this.environment = environment;
        this.now = start;
        this.levels = levels;
    }

    /** The values in force. Code that needs two settings which belong together reads both from one snapshot. */
    public Snapshot now() {
        return now;
    }

    /** The features of etcd that can be on or off. Keeping a lease alive never waits for the log here, so the first is always on. */
    @Override
    public void register(Meters meters) {
        meters.gauges("etcd_server_feature_enabled", "1 if a feature of etcd is on, 0 if not.", points -> {
            points.add(1, "name", "FastLeaseKeepAlive", "stage", "BETA");
            points.add(now().backend().leaseCheckpoint() ? 1 : 0, "name", "LeaseCheckpoint", "stage", "ALPHA");
        });
    }

    /**
     * Changes settings, all of them or none.
     *
     * @param wanted new values by full name; an empty level of a logger means that of the logger above
     * @param by the author of the change, for the log and for {@link #all}
     * @throws RefusedChangeException for the first that does not exist, needs a restart, or cannot have this value
     */
    public synchronized void change(Map<String, String> wanted, String by) throws RefusedChangeException {
        Map<String, Optional<LogLevel>> newLevels = new LinkedHashMap<>();
        SortedMap<String, Change> next = new TreeMap<>(changes);
        for (Map.Entry<String, String> each : wanted.entrySet()) {
            String name = each.getKey();
            if (isLevel(name)) {
                newLevels.put(name.substring(LEVELS.length()), level(name, each.getValue()));
            } else {
                checkChangeable(name);
            }
            next.put(name, new Change(each.getValue(), "changed at run time by " + by));
        }
        now = bind(next);
        changes = next;
        newLevels.forEach((logger, level) -> levels.accept(logger, level.orElse(null)));
        wanted.forEach((name, value) -> log.info("setting {} is now '{}', changed by {}", name, value, by));
    }

    /** Whether this one is marked, or a level of the log. */
    static boolean changesAtRunTime(String name) {
        return isLevel(name) || SettingNames.changeable().contains(name);
    }

    private static boolean isLevel(String name) {
        return name.startsWith(LEVELS) && name.length() > LEVELS.length();
    }

    private static void checkChangeable(String name) throws RefusedChangeException {
        if (!SettingNames.all().contains(name)) {
            throw new RefusedChangeException(Reason.UNKNOWN, name + ": there is no such setting");
        }
        if (!changesAtRunTime(name)) {
            throw new RefusedChangeException(
                    Reason.NEEDS_RESTART, name + ": is read at start only, so a change needs a restart");
        }
    }

    private static Optional<LogLevel> level(String name, String value) throws RefusedChangeException {
        String text = value.strip().toUpperCase(Locale.ROOT);
        if (text.isEmpty() && !name.equalsIgnoreCase(LEVELS + ROOT)) {
            return Optional.empty();
        }
        for (LogLevel level : LogLevel.values()) {
            // YAML reads a bare off as false
            if (level.name().equals(text) || (level == LogLevel.OFF && text.equals("FALSE"))) {
                return Optional.of(level);
            }
        }
        throw new RefusedChangeException(
                Reason.BAD_VALUE,
                name + " = " + value + ": must be one of trace, debug, info, warn, error, fatal, off");
    }

    private Snapshot bind(SortedMap<String, Change> next) throws RefusedChangeException {
        Binder binder = binder(next);
        try {
            return new Snapshot(
                    binder.bindOrCreate("quorate", ClientSettings.class),
                    binder.bindOrCreate("quorate", BackendSettings.class),
                    binder.bindOrCreate("quorate.limits", LimitSettings.class));
        } catch (BindException e) {
            String problem = UnreadableValue.in(e).map(Throwable::getMessage).orElseGet(e::getMessage);
            throw new RefusedChangeException(Reason.BAD_VALUE, String.valueOf(problem));
        }
    }

    /** All settings of the member and the levels of the log, by full name. */
    public SortedMap<String, Setting> all() {
        SortedMap<String, Change> changed = changed();
        List<ConfigurationPropertySource> sources = sources(changed);
        SortedMap<String, Setting> all = new TreeMap<>();
        values(binder(changed)).forEach((name, value) -> {
            String origin = Optional.ofNullable(changed.get(name))
                    .map(Change::origin)
                    .orElseGet(() -> origin(ConfigurationPropertyName.adapt(name, '.'), sources));
            all.put(
                    name,
                    new Setting(ShownValue.of(name, value), origin, changesAtRunTime(name) ? "run time" : "restart"));
        });
        return all;
    }

    private synchronized SortedMap<String, Change> changed() {
        return changes;
    }

    private static String origin(ConfigurationPropertyName name, List<ConfigurationPropertySource> sources) {
        for (ConfigurationPropertySource source : sources) {
            for (ConfigurationPropertyName each : List.of(name, name.append("[0]"))) {
                ConfigurationProperty found = source.getConfigurationProperty(each);
                if (found != null) {
                    return found.getOrigin() == null
                            ? String.valueOf(source.getUnderlyingSource())
                            : found.getOrigin().toString();
                }
            }
        }
        return "default";
    }

    /** The value of every setting and of every level that is set, by full name; lists are separated by commas. */
    static SortedMap<String, String> values(Binder binder) {
        SortedMap<String, String> values = new TreeMap<>();
        for (String name : SettingNames.all()) {
            List<String> list = binder.bind(name, Bindable.listOf(String.class)).orElseGet(List::of);
            values.put(name, String.join(",", list));
        }
        binder.bind("logging.level", Bindable.mapOf(String.class, String.class))
                .orElseGet(Map::of)
                .forEach((logger, level) -> values.put(LEVELS + logger, level));
        return values;
    }

    private Binder binder(SortedMap<String, Change> changed) {
        return new Binder(sources(changed), new PropertySourcesPlaceholdersResolver(environment));
    }

    private List<ConfigurationPropertySource> sources(SortedMap<String, Change> changed) {
        Map<String, String> values = new LinkedHashMap<>();
        changed.forEach((name, change) -> values.put(name, change.value()));
        List<ConfigurationPropertySource> sources = new ArrayList<>();
        sources.add(new MapConfigurationPropertySource(values));
        ConfigurationPropertySources.get(environment).forEach(sources::add);
        return sources;
    }

    /**
     * Marks a setting that {@link LiveSettings} changes while the member runs. Its users ask for the value each time
     * and keeps no copy. All others need a restart.
     */
    @Target(ElementType.RECORD_COMPONENT)
    @Retention(RetentionPolicy.RUNTIME)
    @interface ChangesAtRunTime {}
}
