package io.quorate.config;

import java.util.Arrays;
import java.util.List;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/**
 * The check that a profile which was asked for is somewhere: a document of {@code application.yml} names it, a file is named
 * after it, or it is a group. An unknown one changes nothing, and a member that was to log in JSON, or to keep its data
 * elsewhere, would not tell.
 */
final class KnownProfiles {

    private static final String ACTIVE = "spring.profiles.active";
    private static final String ON_PROFILE = "spring.config.activate.on-profile";

    private KnownProfiles() {}

    /** @throws BadSettingException naming the first that is nowhere */
    static void check(ConfigurableEnvironment environment) {
        for (String profile : environment.getActiveProfiles()) {
            boolean known = environment.getPropertySources().stream().anyMatch(source -> mentions(source, profile));
            BadSettingException.check(known, ACTIVE, profile, "is no profile; those of the program are dev and prod");
        }
    }

    /** Sources that a profile did not activate are not there at all. */
    private static boolean mentions(PropertySource<?> source, String profile) {
        if (source.getName().contains("application-" + profile + ".")) {
            return true;
        }
        return source instanceof EnumerablePropertySource<?> enumerable
                && Arrays.stream(enumerable.getPropertyNames())
                        .anyMatch(name -> (name.startsWith(ON_PROFILE)
                                        && words(String.valueOf(enumerable.getProperty(name)))
                                                .contains(profile))
                                || name.startsWith("spring.profiles.group." + profile));
    }

    /** The profiles in an expression such as {@code prod & !test}. */
    private static List<String> words(String expression) {
        return List.of(expression.split("[\\s,&|!()]+"));
    }
}
