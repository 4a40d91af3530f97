package io.quorate.config;

import io.quorate.fixture.GeneratedDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.io.ClassPathResource;

/** {@code docs/configuration.md} is made from what the compiler collected about the records of settings. */
class ConfigurationDocumentTests {

    private static final String INTRODUCTION = """
            # Configuration

            Every setting that is Quorate's own, made from the metadata of the build; a test fails when it is out of date.
            [application.yml](../application.yml) has the same settings in groups, and with them those of Spring that matter here.
            They are set by the command line (`--quorate.name=m1`), by the environment (`QUORATE_NAME=m1`; dashes disappear, dots
            become underscores), or by an `application.yml` in the working directory, in `config` below it, or where
            `SPRING_CONFIG_ADDITIONAL_LOCATION` says. A name under `quorate.` that does not exist stops the start; one of Spring's
            (`management.`, `spring.`, `server.`, `logging.`) that is misspelled has no effect, and nobody says so.
            Flags, variables and files of etcd work as well, as `bin/quorate --help` lists them.

            Times take a unit (`100ms`, `5s`, `10m`, `2h`), sizes too (`512KB`, `2GB`; a bare number is bytes). Settings marked
            "at run time" change while the member runs, by the actuator or by a changed file; see [operations](operations.md). The
            others are read at start. What files of TLS contain is always followed, only their names are not.
            """;

    @Test
    void documentWhenComparedWithTheMetadataIsUpToDate() throws IOException {
        Map<String, Map<?, ?>> properties = properties();
        new GeneratedDocument(Path.of("docs/configuration.md"))
                .check(INTRODUCTION
                        + section("The member", "quorate.", properties)
                        + section("Bounds of what waits inside the member", "quorate.limits.", properties)
                        + section("The console", "quorate.console.", properties)
                        + section("The REST API", "quorate.rest.", properties)
                        + section("Spans of calls", "quorate.tracing.", properties)
                        + section("Users", "quorate.auth.", properties)
                        + section("Users of an outside issuer", "quorate.auth.jwt.", properties)
                        + section("The audit trail", "quorate.audit.", properties)
                        + section("Backups", "quorate.backup.", properties)
                        + section("RocksDB", "spring.data.rocksdb.", properties));
    }

    private static Map<String, Map<?, ?>> properties() throws IOException {
        String json = new ClassPathResource("META-INF/spring-configuration-metadata.json")
                .getContentAsString(StandardCharsets.UTF_8);
        Map<String, Map<?, ?>> properties = new TreeMap<>();
        for (Object property : (List<?>) Objects.requireNonNull(
                JsonParserFactory.getJsonParser().parseMap(json).get("properties"))) {
            Map<?, ?> entry = (Map<?, ?>) property;
            properties.put(String.valueOf(entry.get("name")), entry);
        }
        return properties;
    }

    /** The properties directly below a prefix. */
    private static String section(String title, String prefix, Map<String, Map<?, ?>> properties) {
        StringBuilder text = new StringBuilder(
                "\n## " + title + "\n\n| Setting | Default | Change | Meaning |\n|---|---|---|---|\n");
        properties.forEach((name, property) -> {
            boolean own = name.startsWith(prefix) && name.indexOf('.', prefix.length()) < 0;
            if (own) {
                text.append("| `%s` | %s | %s | %s |\n"
                        .formatted(
                                name,
                                shown(property.get("defaultValue")),
                                SettingNames.changeable().contains(name) ? "at run time" : "restart",
                                Objects.toString(property.get("description"), "")
                                        .replaceAll("\\{@code ([^}]*)}", "`$1`")));
            }
        });
        return text.toString();
    }

    private static String shown(@Nullable Object value) {
        String text = value instanceof List<?> list
                ? String.join(",", list.stream().map(Object::toString).toList())
                : Objects.toString(value, "");
        return text.isEmpty() ? "" : "`" + text + "`";
    }
}
