package io.quorate.config;

import io.quorate.base.Agent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Supplier;
import lombok.extern.slf4j.Slf4j;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.DefaultResourceLoader;

/**
 * Follows the files that settings were read from. Every five seconds it looks whether one of them was touched. If so it reads what a
 * start would read now: it does not matter which of Spring's locations a file is in, whether it was there before, or how it is
 * replaced: written in place, renamed, or as a link that is pointed elsewhere, which is how Kubernetes does it. Every minute it reads
 * them anyway, since a file may import others.
 *
 * <p>A change is used once two checks in a row have read the same content. Settings that change at run time are changed; those that
 * need a restart are named in the log and stay; a file with an error changes nothing and is reported once. One thread.
 */
@Slf4j
public final class SettingsReload implements Agent {

    static final String BY = "a settings file";

    private static final long PERIOD_NANOS = Duration.ofSeconds(5).toNanos();

    private static final int LOOKS_PER_READ = 12;

    private final LiveSettings settings;
    private final Supplier<List<String>> touched;
    private final Supplier<SortedMap<String, String>> files;
    private SortedMap<String, String> used;
    private SortedMap<String, String> seen;
    private String reported = "";
    private List<String> disk;
    private boolean settled = true;
    private int looks;

    /**
     * @param atStart what was read at start, by full name
     * @param touched another answer once a file was touched: {@link SettingsFiles#look}
     * @param files reads what a start would read now, by full name; throws a {@link RuntimeException} that says why it
     *     cannot
     */
    public SettingsReload(
            LiveSettings settings,
            SortedMap<String, String> atStart,
            Supplier<List<String>> touched,
            Supplier<SortedMap<String, String>> files) {
        this.settings = settings;
        this.touched = touched;
        this.disk = touched.get();
        this.files = files;
        this.used = atStart;
        this.seen = atStart;
    }

    /** What an environment says, by full name. */
    public static SortedMap<String, String> values(Environment environment) {
        return LiveSettings.values(Binder.get(environment));
    }

    /** What a start with the same command line would read now. */
    public static SortedMap<String, String> anew(ConfigurableEnvironment running) {
        StandardEnvironment fresh = new StandardEnvironment();
        for (PropertySource<?> source : running.getPropertySources()) {
            if (source instanceof CommandLinePropertySource<?>) {
                fresh.getPropertySources().addFirst(source);
            }
        }
        ConfigDataEnvironmentPostProcessor.applyTo(fresh, new DefaultResourceLoader(), new DefaultBootstrapContext());
        SettingNames.check(fresh);
        return values(fresh);
    }

    @Override
    public String name() {
        return "settings-reload";
    }

    @Override
    public long doWork() {
        List<String> now = touched.get();
        boolean changed = !now.equals(disk);
        disk = now;
        if (changed || !settled || ++looks == LOOKS_PER_READ) {
            looks = 0;
            read();
        }
        return PERIOD_NANOS;
    }

    private void read() {
        try {
            look(files.get());
        } catch (RefusedChangeException
                | RuntimeException e) { // Spring and YAML have many kinds; none may end the member
            report(SettingsFileLoader.oneLine(String.valueOf(e.getMessage())));
        }
    }

    private void look(SortedMap<String, String> found) throws RefusedChangeException {
        settled = found.equals(seen);
        seen = found;
        if (!settled || found.equals(used)) {
            return;
        }
        Map<String, String> changed = differences(found);
        List<String> needRestart = changed.keySet().stream()
                .filter(name -> !LiveSettings.changesAtRunTime(name))
                .toList();
        needRestart.forEach(changed::remove);
        settings.change(changed, BY);
        needRestart.forEach(name -> log.warn("setting {} has changed in a file; it needs a restart to be used", name));
        used = found;
        reported = "";
    }

    /** A name that is gone is a level of the log, which becomes that of the logger above. */
    private Map<String, String> differences(SortedMap<String, String> found) {
        Map<String, String> changed = new LinkedHashMap<>();
        used.keySet().stream().filter(name -> !found.containsKey(name)).forEach(name -> changed.put(name, ""));
        found.forEach((name, value) -> {
            if (!value.equals(used.get(name))) {
                changed.put(name, value);
            }
        });
        return changed;
    }

    private void report(String problem) {
        if (!problem.equals(reported)) {
            reported = problem;
            log.warn("changed settings files cannot be used, all settings stay as they are: {}", problem);
        }
    }
}
