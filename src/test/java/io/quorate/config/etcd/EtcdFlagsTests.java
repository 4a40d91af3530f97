package io.quorate.config.etcd;

import static io.quorate.fixture.Expected.present;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.config.SettingNames;
import io.quorate.membership.Versions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EtcdFlagsTests {

    /** A value for each kind that every flag of it takes. */
    private static final Map<ValueKind, String> SAMPLES = Map.of(
            ValueKind.SWITCH, "true",
            ValueKind.NUMBER, "1",
            ValueKind.MILLISECONDS, "1",
            ValueKind.SECONDS, "1",
            ValueKind.DURATION, "1s",
            ValueKind.RETENTION, "1",
            ValueKind.TEXT, "x");

    static Stream<EtcdFlag> plain() {
        return EtcdFlags.names().stream()
                .map(EtcdFlags::named)
                .filter(flag -> flag.effect() instanceof EtcdFlag.Effect.Sets)
                .filter(flag -> !List.of("listen-metrics-urls", "log-level", "log-format", "feature-gates")
                        .contains(flag.name()));
    }

    @ParameterizedTest
    @MethodSource("plain")
    void propertiesWhenAFlagIsASettingNameOneThatExists(EtcdFlag flag) {
        assertThat(flag.properties(flag.convert(present(SAMPLES.get(flag.kind()))))
                        .keySet())
                .hasSize(1)
                .isSubsetOf(SettingNames.all());
    }

    @Test
    void variableWhenOfAnyFlagFindsIt() {
        assertThat(EtcdFlags.names())
                .filteredOn(name -> !List.of("version", "help", "h").contains(name))
                .allSatisfy(name -> assertThat(
                                EtcdFlags.ofVariable(EtcdFlags.named(name).variable()))
                        .map(EtcdFlag::name)
                        .contains(name));
    }

    @Test
    void helpWhenReadListsEveryFlagOnce() throws IOException {
        List<String> listed = Pattern.compile("(?m)^  --?([a-z0-9-]+) ")
                .matcher(Files.readString(Path.of("bin/help.txt")))
                .results()
                .map(line -> line.group(1))
                .toList();
        assertThat(listed).doesNotHaveDuplicates();
        assertThat(new TreeSet<>(listed)).isEqualTo(EtcdFlags.names());
    }

    /** A flag that is said to be ignored has no effect, and no other is. */
    @Test
    void helpWhenReadSaysOfEachFlagWhatItDoes() throws IOException {
        String help = Files.readString(Path.of("bin/help.txt"));
        String refused = help.substring(help.indexOf("\nRefused"), help.indexOf("\nAccepted and ignored"));
        String ignored = help.substring(help.indexOf("\nAccepted and ignored"));
        for (String name : EtcdFlags.names()) {
            EtcdFlag.Effect effect = EtcdFlags.named(name).effect();
            boolean answered = List.of("config-file", "version", "help", "h").contains(name);
            assertThat(ignored.contains("\n  --" + name + " "))
                    .as("%s is ignored", name)
                    .isEqualTo(effect instanceof EtcdFlag.Effect.Ignored && !answered);
            assertThat(refused.contains("\n  --" + name + " "))
                    .as("%s is refused", name)
                    .isEqualTo(effect instanceof EtcdFlag.Effect.Refused);
        }
    }

    @Test
    void versionWhenReadIsThatOfTheBuildAndOfTheApi() throws IOException {
        String project = Pattern.compile("<version>([^<]+)</version>\\s*<name>Quorate")
                .matcher(Files.readString(Path.of("pom.xml")))
                .results()
                .map(version -> version.group(1))
                .findFirst()
                .orElseThrow();
        assertThat(Files.readString(Path.of("bin/version.txt")))
                .isEqualTo("Quorate Version: " + project + "\nAPI Version: etcd " + Versions.SERVER + "\n");
    }
}
