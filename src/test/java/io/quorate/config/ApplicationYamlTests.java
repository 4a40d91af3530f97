package io.quorate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;

/** The file that people read says exactly what the records do. */
class ApplicationYamlTests {

    private static final Path FILE = Path.of("application.yml");

    @Test
    void defaultDocumentWhenComparedListsEverySettingAndNoOther() {
        TreeSet<String> listed = new TreeSet<>();
        for (String name : ((EnumerablePropertySource<?>) documents().getFirst()).getPropertyNames()) {
            if (name.startsWith("quorate.")) {
                listed.add(name);
            }
        }
        assertThat(listed).isEqualTo(SettingNames.all());
    }

    @Test
    void defaultDocumentWhenBoundGivesTheDefaultsOfTheRecords() {
        Binder file = binder(documents().getFirst());
        Binder nothing = Binder.get(new StandardEnvironment());
        for (Class<? extends Record> type : SettingNames.RECORDS) {
            String prefix = type.getAnnotation(ConfigurationProperties.class).value();
            assertThat((Object) file.bindOrCreate(prefix, type)).isEqualTo(nothing.bindOrCreate(prefix, type));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void profileDocumentsWhenReadUseOnlyExistingSettings(int index) {
        for (String name : ((EnumerablePropertySource<?>) documents().get(index)).getPropertyNames()) {
            assertThat(name.startsWith("quorate.") ? SettingNames.all() : List.of(name))
                    .contains(name);
        }
    }

    @Test
    void settingsWhenListedHaveOneLineOfMeaningEach() throws IOException {
        List<String> settings = Files.readAllLines(FILE).stream()
                .takeWhile(line -> !line.startsWith("management:"))
                .filter(line -> line.matches(" +[a-z-]+: .*"))
                .toList();
        assertThat(settings).hasSizeGreaterThan(30).allMatch(line -> line.contains("  # "));
    }

    @Test
    void metadataWhenGeneratedDescribesEverySetting() throws IOException {
        String json = new ClassPathResource("META-INF/spring-configuration-metadata.json")
                .getContentAsString(StandardCharsets.UTF_8);
        Map<String, String> descriptions = new HashMap<>();
        for (Object property : (List<?>) Objects.requireNonNull(
                JsonParserFactory.getJsonParser().parseMap(json).get("properties"))) {
            Map<?, ?> entry = (Map<?, ?>) property;
            descriptions.put(String.valueOf(entry.get("name")), String.valueOf(entry.get("description")));
        }
        for (String name : SettingNames.all()) {
            assertThat(descriptions.getOrDefault(name, "")).as(name).endsWith(".");
        }
    }

    private static Binder binder(PropertySource<?> document) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(document);
        return Binder.get(environment);
    }

    private static List<PropertySource<?>> documents() {
        try {
            return new YamlPropertySourceLoader().load("application.yml", new FileSystemResource(FILE));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
