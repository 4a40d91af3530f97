package io.quorate.ops.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.api.port.ListenAddress;
import io.quorate.api.port.ListenAddress.ListenAddressInUseException;
import io.quorate.base.Fault;
import io.quorate.node.Bootstrap.ForeignLogException;
import io.quorate.node.wal.WalCorruptException;
import io.quorate.storage.StorageException.DirectoryLockedException;
import io.quorate.storage.StorageException.ForeignDirectoryException;
import io.quorate.storage.StorageException.StorageCorruptException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/** What somebody who starts a member wrongly sees, through a real start with the real application.yml. */
@ExtendWith(OutputCaptureExtension.class)
class StartFailureTests {

    @Configuration(proxyBeanMethods = false)
    @ComponentScan("io.quorate.config")
    static class Settings {}

    private @TempDir Path directory;

    @Test
    void startWhenASettingDoesNotExistNamesItAndTheOneMeant(CapturedOutput output) {
        assertThat(start("--quorate.snapshot-cuont=5")).isEqualTo(ExitCode.BAD_SETTING);
        assertExplained(output, "There is no setting quorate.snapshot-cuont", "Did you mean quorate.snapshot-count?");
    }

    @Test
    void startWhenAUrlIsBadNamesSettingAndUrl(CapturedOutput output) {
        assertThat(start("--quorate.listen-client-urls=localhost:2379")).isEqualTo(ExitCode.BAD_SETTING);
        assertExplained(output, "quorate.listen-client-urls = localhost:2379: it must look like http://host:port");
    }

    @Test
    void startWhenAUrlOfTheClusterIsBadNamesSettingAndUrl(CapturedOutput output) {
        assertThat(start("--quorate.initial-cluster=default=http://localhost")).isEqualTo(ExitCode.BAD_SETTING);
        assertExplained(output, "quorate.initial-cluster = http://localhost: host and port must be written");
    }

    @Test
    void startWhenAnHttpsUrlHasNoCertificateSaysWhatToSet(CapturedOutput output) {
        assertThat(start(
                        "--quorate.listen-client-urls=https://localhost:2379",
                        "--quorate.advertise-client-urls=https://localhost:2379"))
                .isEqualTo(ExitCode.BAD_SETTING);
        assertExplained(
                output,
                "quorate.listen-client-urls = https://localhost:2379: needs a certificate: set quorate.cert-file and"
                        + " quorate.key-file");
    }

    @Test
    void startWhenAValueIsOutOfBoundsSaysTheBound(CapturedOutput output) {
        assertThat(start("--quorate.election-timeout=200ms")).isEqualTo(ExitCode.BAD_SETTING);
        assertExplained(
                output, "quorate.election-timeout = 200ms: must be at least 5 times", "Change quorate.election");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "quorate.heartbeat-interval=often | quorate.heartbeat-interval = often: must be a time like 100ms",
                "quorate.heartbeat-interval=5x | quorate.heartbeat-interval = 5x: must be a time like 100ms",
                "quorate.metrics=full | quorate.metrics = full: must be one of basic, extensive",
                "quorate.initial-cluster-state=joined | quorate.initial-cluster-state = joined: must be one of new, existing",
                "quorate.auto-compaction-mode=hourly | quorate.auto-compaction-mode = hourly: must be one of periodic, revision",
                "quorate.quota-backend-bytes=4QB | quorate.quota-backend-bytes = 4QB: must be a size like 512KB",
                "quorate.max-wals=many | quorate.max-wals = many: must be a whole number",
                "quorate.max-wals=99999999999 | quorate.max-wals = 99999999999: must be a whole number, at most 2147483647",
                "quorate.pre-vote=perhaps | quorate.pre-vote = perhaps: must be true or false",
                "management.server.port=99999 | management.server.port = 99999: must be at most 65535",
                "management.server.port=http | management.server.port = http: must be a whole number"
            })
    void startWhenAValueHasAnotherFormSaysWhichIsMeant(String argument, String words, CapturedOutput output) {
        assertThat(start("--" + argument)).isEqualTo(ExitCode.BAD_SETTING);
        assertExplained(output, "A setting cannot be used:\n\n    " + words, "Change " + words.split(" ")[0]);
        assertThat(output.getAll().split("Description:")[1]).doesNotContain("java.", "org.springframework");
    }

    @Test
    void startWhenASettingOfTheDatabaseIsOutOfBoundsSaysTheBound(CapturedOutput output) {
        Exception refused = new InvalidConfigurationPropertyValueException(
                "spring.data.rocksdb.cache-size", "1KB", "must be at least 1MB");
        assertThat(start(new IllegalStateException("wrapped", refused))).isEqualTo(ExitCode.BAD_SETTING);
        assertExplained(
                output, "A setting cannot be used:\n\n    spring.data.rocksdb.cache-size = 1KB: must be at least 1MB");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "quorate:\\n  name: m1\\n wal-dir: x | , line 3, column 2: ",
                "quorate:\\n\\tname: m1 | , line 2, column 1: ",
                "quorate:\\n  name: a: b | , line 2, column 10: mapping values are not allowed here"
            })
    void startWhenASettingsFileIsNotWellFormedNamesThePlace(String text, String words, CapturedOutput output)
            throws IOException {
        Path file = directory.resolve("wrong.yml");
        Files.writeString(file, text.translateEscapes());
        assertThat(start("--spring.config.additional-location=" + file)).isEqualTo(ExitCode.BAD_SETTING);
        assertExplained(output, "A settings file cannot be read:\n\n    " + file + words);
    }

    @Test
    void startWhenThereAreFilesOfBothFormsLetsPropertiesWin() throws IOException {
        Files.writeString(directory.resolve("application.yml"), "a.b: yaml\na.c: yaml\n");
        Files.writeString(directory.resolve("application.properties"), "a.b=properties\n");
        SpringApplication application = new SpringApplication(Settings.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setRegisterShutdownHook(false);
        try (ConfigurableApplicationContext context =
                application.run("--spring.config.additional-location=" + directory + "/")) {
            assertThat(context.getEnvironment().getProperty("a.b")).isEqualTo("properties");
            assertThat(context.getEnvironment().getProperty("a.c")).isEqualTo("yaml");
        }
    }

    static Stream<Arguments> causes() {
        Path directory = Path.of("some.etcd");
        return Stream.of(
                Arguments.of(
                        new PortInUseException(2381),
                        ExitCode.PORT_IN_USE,
                        List.of("Port 2381 is in use", "management.server.port = 2381", "Stop the other process")),
                Arguments.of(
                        new PortInUseException(2379),
                        ExitCode.PORT_IN_USE,
                        List.of("Port 2379 is in use", "quorate.listen-client-urls = http://localhost:2379")),
                Arguments.of(
                        new ListenAddressInUseException(
                                ListenAddress.parse("http://localhost:2379"), new IOException("bind")),
                        ExitCode.PORT_IN_USE,
                        List.of("Port 2379 is in use", "quorate.listen-client-urls = http://localhost:2379")),
                Arguments.of(
                        new ForeignLogException(directory, "member a", "member b"),
                        ExitCode.FOREIGN_DIRECTORY,
                        List.of("belongs to member b", "quorate.initial-cluster-token")),
                Arguments.of(
                        new IOException("bind(..) failed: Address already in use"),
                        ExitCode.PORT_IN_USE,
                        List.of("A port that this member must listen on is in use", "quorate.listen-peer-urls = ")),
                Arguments.of(
                        new DirectoryLockedException(directory, null),
                        ExitCode.DIRECTORY_LOCKED,
                        List.of("some.etcd", "quorate.data-dir")),
                Arguments.of(
                        new ForeignDirectoryException(directory, "photographs"),
                        ExitCode.FOREIGN_DIRECTORY,
                        List.of("photographs", "quorate.data-dir")),
                Arguments.of(
                        new StorageCorruptException(directory, "a bad checksum", null),
                        ExitCode.CORRUPT_DATA,
                        List.of("a bad checksum", "rebuild the member", "no backups to restore")),
                Arguments.of(
                        new WalCorruptException(directory, 17, "a bad checksum"),
                        ExitCode.CORRUPT_DATA,
                        List.of("some.etcd at byte 17: a bad checksum", "rebuild the member")));
    }

    @ParameterizedTest
    @MethodSource("causes")
    void startWhenABeanFailsExplainsTheCause(
            Exception cause, ExitCode code, List<String> words, CapturedOutput output) {
        assertThat(start(new IllegalStateException("wrapped", cause))).isEqualTo(code);
        assertExplained(output, words.toArray(String[]::new));
    }

    @Test
    void exitCodeWhenNothingIsKnownIsFailure() {
        assertThat(ExitCode.of(new IllegalStateException("?"))).isEqualTo(ExitCode.FAILURE);
        assertThat(ExitCode.of(new IllegalStateException("?", new Fault("fsync"))))
                .isEqualTo(ExitCode.FAULT);
    }

    @Test
    void exitCodesWhenListedAreDifferent() {
        assertThat(ExitCode.values()).extracting(ExitCode::getExitCode).doesNotHaveDuplicates();
    }

    private static void assertExplained(CapturedOutput output, String... words) {
        assertThat(output.getAll())
                .contains("APPLICATION FAILED TO START", "Description:", "Action:")
                .contains(words)
                .doesNotContain("\tat ", "Caused by");
    }

    private static ExitCode start(String... arguments) {
        return run(new SpringApplication(Settings.class), arguments);
    }

    private static ExitCode start(RuntimeException failure) {
        SpringApplication application = new SpringApplication(Settings.class);
        application.addInitializers(context -> context.addBeanFactoryPostProcessor(factory -> {
            throw failure;
        }));
        return run(application);
    }

    private static ExitCode run(SpringApplication application, String... arguments) {
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setRegisterShutdownHook(false);
        try {
            application.run(arguments).close();
            return ExitCode.STOPPED;
        } catch (RuntimeException failure) {
            return ExitCode.of(failure);
        }
    }
}
