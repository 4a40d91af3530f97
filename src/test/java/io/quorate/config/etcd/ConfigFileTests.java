package io.quorate.config.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.config.etcd.CommandLine.BadFlagException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTests {

    private @TempDir Path directory;
    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("etcd.conf");
    }

    private ConfigFile read(String text) throws IOException {
        return ConfigFile.read(Files.writeString(file, text));
    }

    @Test
    void readWhenWrittenAsEtcdsGivesFlags() throws IOException {
        assertThat(read("""
                                name: m1
                                heartbeat-interval: 50
                                quota-backend-bytes: 8589934592
                                grpc-keepalive-interval: 7200000000000
                                warning-apply-duration: 100ms
                                pre-vote: false
                                initial-cluster: m1=http://a:2380,m2=http://b:2380
                                wal-dir:
                                log-outputs: [stderr, /var/log/etcd.log]
                                feature-gates:
                                  LeaseCheckpoint: true
                                  InitialCorruptCheck: false
                                """).flags())
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("name", "m1"),
                        Map.entry("heartbeat-interval", "50"),
                        Map.entry("quota-backend-bytes", "8589934592"),
                        Map.entry("grpc-keepalive-interval", "7200000000000ns"),
                        Map.entry("warning-apply-duration", "100ms"),
                        Map.entry("pre-vote", "false"),
                        Map.entry("initial-cluster", "m1=http://a:2380,m2=http://b:2380"),
                        Map.entry("wal-dir", ""),
                        Map.entry("log-outputs", "stderr,/var/log/etcd.log"),
                        Map.entry("feature-gates", "InitialCorruptCheck=false,LeaseCheckpoint=true")));
    }

    @Test
    void readWhenItHasBlocksForTlsGivesTheFlagsOfEachSide() throws IOException {
        assertThat(read("""
                                client-transport-security:
                                  cert-file: c.pem
                                  client-cert-auth: true
                                  allowed-hostname: c
                                  client-crl-file: c.crl
                                peer-transport-security:
                                  cert-file: p.pem
                                  allowed-cn: p
                                  client-crl-file: p.crl
                                """).flags())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "cert-file", "c.pem",
                        "client-cert-auth", "true",
                        "client-cert-allowed-hostname", "c",
                        "client-crl-file", "c.crl",
                        "peer-cert-file", "p.pem",
                        "peer-cert-allowed-cn", "p",
                        "peer-crl-file", "p.crl"));
    }

    @Test
    void readWhenItIsJsonGivesFlags() throws IOException {
        assertThat(read("{\"name\": \"m1\", \"max-wals\": 3}").flags())
                .isEqualTo(Map.of("name", "m1", "max-wals", "3"));
    }

    @Test
    void readWhenAKeyIsUnknownNamesIt() throws IOException {
        assertThat(read("name: m1\nbogus: {inner: 1}\n").unknownKeys()).containsExactly("bogus.inner");
    }

    /** The sample that comes with etcd leaves most values empty. */
    @Test
    void commandLineWhenTheFileLeavesValuesEmptyTakesIt() throws IOException {
        Files.writeString(file, """
                name: 'default'
                data-dir:
                wal-dir:
                max-snapshots: 5
                cors:
                discovery:
                discovery-fallback: 'proxy'
                discovery-proxy:
                discovery-srv:
                initial-cluster:
                client-transport-security:
                  cert-file:
                  client-cert-auth: false
                cipher-suites: [
                  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
                  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
                ]
                """);
        CommandLine.Run run = (CommandLine.Run) CommandLine.read(List.of("--config-file", file.toString()), Map.of());
        assertThat(run.arguments())
                .contains("--quorate.data-dir=", "--quorate.discovery-srv=", "--quorate.cert-file=")
                .contains("--quorate.cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,"
                        + "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name: [", "name: m1\nname: m2"})
    void readWhenItIsNoYamlNamesTheFile(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(BadFlagException.class)
                .hasMessageStartingWith(file + " cannot be read: ");
    }

    @Test
    void commandLineWhenAFileIsGivenIgnoresEverythingElseOfEtcds() throws IOException {
        Files.writeString(file, "name: file\nunknown: 1\n");
        CommandLine.Run run = (CommandLine.Run) CommandLine.read(
                List.of("--config-file", file.toString(), "--data-dir=/flag", "--spring.profiles.active=prod"),
                Map.of("ETCD_MAX_WALS", "1", "ETCD_BOGUS", "1"));
        assertThat(run.arguments())
                .containsExactlyInAnyOrder(
                        "--management.server.port=-1", "--quorate.name=file", "--spring.profiles.active=prod");
        assertThat(run.notices())
                .containsExactly(
                        "Loading server configuration from \"" + file + "\". Other configuration command line flags and"
                                + " environment variables will be ignored if provided.",
                        "unrecognized key unknown in " + file);
    }

    @Test
    void commandLineWhenTheFileIsNamedByAVariableReadsIt() throws IOException {
        Files.writeString(file, "name: file\n");
        CommandLine.Run run =
                (CommandLine.Run) CommandLine.read(List.of(), Map.of("ETCD_CONFIG_FILE", file.toString()));
        assertThat(run.arguments()).contains("--quorate.name=file");
    }
}
