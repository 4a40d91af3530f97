package io.quorate.storage.springdata;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quorate.storage.ApplyScope;
import io.quorate.storage.Database;
import io.quorate.storage.StorageException.ForeignDirectoryException;
import io.quorate.storage.StorageSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.keyvalue.core.KeyValueOperations;

class RocksDbAutoConfigurationTests {

    @TempDir
    private Path directory;

    private ApplicationContextRunner runner;

    @BeforeEach
    void configure() {
        runner = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(RocksDbAutoConfiguration.class))
                .withPropertyValues("spring.data.rocksdb.path=" + directory);
    }

    @Test
    void importsWhenReadNameTheConfiguration() {
        assertThat(ImportCandidates.load(
                        org.springframework.boot.autoconfigure.AutoConfiguration.class,
                        getClass().getClassLoader()))
                .contains(RocksDbAutoConfiguration.class.getName());
    }

    @Test
    void contextWhenPathIsSetHasEverything() {
        runner.run(context -> {
            assertThat(context).hasSingleBean(Database.class).hasSingleBean(ApplyScope.class);
            assertThat(context).hasSingleBean(RocksKeyValueAdapter.class).hasSingleBean(KeyValueOperations.class);
            assertThat(context).hasSingleBean(RocksDbHealthIndicator.class).hasSingleBean(RocksDbMetrics.class);
            assertThat(context.getBean(Database.class).directory()).isEqualTo(directory);
        });
    }

    @Test
    void contextWhenClosedClosesDatabase() {
        Database[] database = new Database[1];
        runner.run(context -> database[0] = context.getBean(Database.class));

        assertThat(database[0].isOpen()).isFalse();
        Database.open(directory, StorageSettings.DEFAULTS).close();
    }

    @Test
    void contextWhenPathIsMissingFailsNamingIt() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(RocksDbAutoConfiguration.class))
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasRootCauseInstanceOf(InvalidConfigurationPropertyValueException.class)
                        .rootCause()
                        .hasMessageContaining("spring.data.rocksdb.path"));
    }

    @Test
    void contextWhenDirectoryIsForeignFailsNamingIt() throws IOException {
        Files.writeString(directory.resolve("letters.txt"), "dear");

        runner.run(context -> assertThat(context)
                .getFailure()
                .hasRootCauseInstanceOf(ForeignDirectoryException.class)
                .rootCause()
                .hasMessageContaining("letters.txt"));
    }

    @Test
    void propertiesWhenSetReachOptions() {
        runner.withPropertyValues(
                        "spring.data.rocksdb.cache-size=8MB",
                        "spring.data.rocksdb.write-buffer-size=4MB",
                        "spring.data.rocksdb.max-open-files=100",
                        "spring.data.rocksdb.background-jobs=3",
                        "spring.data.rocksdb.statistics=false")
                .run(context -> assertThat(
                                context.getBean(RocksDbSettings.class).options())
                        .isEqualTo(new StorageSettings(8 << 20, 4 << 20, 100, 3, 8, false)));
    }

    @Test
    void propertiesWhenNotSetAreTheDefaultsOfStorage() {
        runner.run(context ->
                assertThat(context.getBean(RocksDbSettings.class).options()).isEqualTo(StorageSettings.DEFAULTS));
    }

    @Test
    void propertiesWhenUnknownOrTooSmallFail() {
        runner.withPropertyValues("spring.data.rocksdb.cash-size=1MB")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("cash-size"));
        runner.withPropertyValues("spring.data.rocksdb.cache-size=1KB")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("at least 1MB"));
    }

    @Test
    void healthIndicatorWhenDisabledIsAbsent() {
        runner.withPropertyValues("management.health.rocksdb.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(RocksDbHealthIndicator.class));
    }

    @Test
    void healthWhenOpenIsUp() {
        runner.run(context -> assertThat(
                        context.getBean(RocksDbHealthIndicator.class).health().getStatus())
                .isEqualTo(Status.UP));
    }

    @Test
    void databaseWhenDefinedByOthersIsTheirs() {
        try (Database database = Database.open(directory, StorageSettings.DEFAULTS)) {
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(RocksDbAutoConfiguration.class))
                    .withBean(
                            "other", Database.class, () -> database, definition -> definition.setDestroyMethodName(""))
                    .run(context -> assertThat(context).getBean(Database.class).isSameAs(database));
        }
    }

    @Test
    void metricsWhenBoundAreNamedAfterRocksDb() {
        runner.run(context -> {
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            context.getBean(RocksDbMetrics.class).bindTo(registry);

            List<String> names = registry.getMeters().stream()
                    .map(meter -> meter.getId().getName())
                    .distinct()
                    .toList();
            assertThat(names)
                    .contains(
                            "quorate.rocksdb.file.size", "quorate.rocksdb.cache.gets", "quorate.rocksdb.writes.stopped")
                    .allMatch(name -> name.startsWith("quorate.rocksdb."));
            assertThat(registry.get("quorate.rocksdb.file.size").gauge().value())
                    .isPositive();
            assertThat(registry.get("quorate.rocksdb.writes.stopped").gauge().value())
                    .isZero();
        });
    }
}
