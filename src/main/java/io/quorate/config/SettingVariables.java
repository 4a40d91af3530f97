package io.quorate.config;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.core.env.EnumerablePropertySource;

/**
 * The check of variables of the environment that begin with {@code QUORATE_}. A setting has two names there, as Spring reads
 * them: {@code QUORATE_LIMITS_APPLYGAP} and {@code QUORATE_LIMITS_APPLY_GAP}, and a number at the end for one entry of a list.
 * Platforms put their own there: a Kubernetes Service called "quorate" makes {@code QUORATE_PORT} and
 * {@code QUORATE_SERVICE_HOST}; these are left alone.
 */
final class SettingVariables {

    private static final String PREFIX = "QUORATE_";

    private static final Pattern OF_A_SERVICE = Pattern.compile(
            "QUORATE_(.+_)?(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");

    /** Read by scripts. */
    private static final Set<String> OTHERS = Set.of("QUORATE_APP");

    private SettingVariables() {}

    /**
     * Looks through the variables.
     *
     * @param known the names of all settings
     * @throws UnknownSettingException naming the first that is none, and the one that was probably meant
     */
    static void check(EnumerablePropertySource<?> environment, SortedSet<String> known) {
        Map<String, String> variables = new HashMap<>();
        known.forEach(name -> {
            variables.put(variable(name.replace("-", "")), name);
            variables.put(variable(name.replace('-', '_')), name);
        });
        Arrays.stream(environment.getPropertyNames())
                .sorted()
                .filter(name -> !isKnown(name.toUpperCase(Locale.ROOT), variables.keySet()))
                .findFirst()
                .ifPresent(unknown -> {
                    Set<String> shortest = known.stream()
                            .map(name -> variable(name.replace("-", "")))
                            .collect(Collectors.toSet());
                    throw new UnknownSettingException(
                            unknown,
                            "the environment",
                            SettingNames.closest(unknown.toUpperCase(Locale.ROOT), shortest));
                });
    }

    private static boolean isKnown(String name, Set<String> variables) {
        return !name.startsWith(PREFIX)
                || variables.contains(name)
                || variables.contains(name.replaceFirst("_\\d+_?$", ""))
                || OF_A_SERVICE.matcher(name).matches()
                || OTHERS.contains(name);
    }

    private static String variable(String name) {
        return name.replace('.', '_').toUpperCase(Locale.ROOT);
    }
}
