package io.quorate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

class SettingsFilesTests {

    @TempDir
    private Path directory;

    private SettingsFiles files(String name, String value) {
        return new SettingsFiles(new MockEnvironment().withProperty(name, value));
    }

    private SettingsFiles inDirectory() {
        return files("spring.config.additional-location", "optional:file:" + directory + "/");
    }

    @Test
    void fileWhenNothingHappensLooksTheSame() throws IOException {
        Files.writeString(directory.resolve("application.yml"), "a: 1");
        SettingsFiles files = inDirectory();
        assertThat(files.look()).isEqualTo(files.look()).anyMatch(line -> line.contains("application.yml"));
    }

    @Test
    void fileWhenAddedChangedReplacedOrRemovedLooksDifferent() throws IOException {
        SettingsFiles files = inDirectory();
        List<String> none = files.look();
        Path file = Files.writeString(directory.resolve("application.yml"), "a: 1");
        List<String> added = files.look();
        Files.writeString(file, "a: 11");
        List<String> changed = files.look();
        Path other = Files.writeString(directory.resolve("other"), "a: 22");
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        List<String> replaced = files.look();
        Files.delete(file);
        assertThat(List.of(none, added, changed, replaced)).doesNotHaveDuplicates();
        assertThat(files.look()).isEqualTo(none);
    }

    @Test
    void linkWhenPointedElsewhereLooksDifferent() throws IOException {
        Path data = directory.resolve("..data");
        Path link = directory.resolve("application.yaml");
        for (String version : List.of("v1", "v2")) {
            Files.createDirectory(directory.resolve(version));
            Files.writeString(directory.resolve(version).resolve("application.yaml"), "a: 1");
        }
        Files.createSymbolicLink(data, Path.of("v1"));
        Files.createSymbolicLink(link, Path.of("..data/application.yaml"));
        SettingsFiles files = inDirectory();
        List<String> before = files.look();
        Files.delete(data);
        Files.createSymbolicLink(data, Path.of("v2"));
        assertThat(files.look()).isNotEqualTo(before);
    }

    @Test
    void locationsWhenFilesTreesAndPatternsAreLookedAt() throws IOException {
        Path file = Files.writeString(directory.resolve("x.yml"), "a: 1");
        Path inner = Files.createDirectory(directory.resolve("inner"));
        Files.writeString(inner.resolve("password"), "secret");
        Files.writeString(inner.resolve("y.yml"), "a: 1");
        assertThat(files("spring.config.location", "classpath:/,file:" + file).look())
                .anyMatch(line -> line.contains("x.yml"));
        assertThat(files("spring.config.import", "optional:configtree:" + inner + "/")
                        .look())
                .anyMatch(line -> line.contains("password"));
        assertThat(files("spring.config.location", "file:" + directory + "/*/").look())
                .anyMatch(line -> line.contains("y.yml"))
                .noneMatch(line -> line.contains("password"));
    }

    @Test
    void locationWhenNotThereLooksLikeNothing() {
        Path gone = directory.resolve("gone");
        assertThat(files("spring.config.location", "file:" + gone + "/," + gone + "/x.yml")
                        .look())
                .noneMatch(line -> line.contains("gone"));
    }
}
