package io.quorate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.unit.DataSize;

class SettingsTests {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withUserConfiguration(SettingsConfiguration.class);

    @Test
    void bindWhenNothingIsSetGivesEtcdsDefaults() {
        runner.run(context -> {
            MemberSettings member = context.getBean(MemberSettings.class);
            assertThat(member.dataDirectory()).isEqualTo(Path.of("default.etcd"));
            assertThat(member.walDirectory()).isEqualTo(Path.of("default.etcd/member/wal"));
            RaftSettings raft = context.getBean(RaftSettings.class);
            assertThat(raft.electionTicks()).isEqualTo(10);
            ClusterSettings cluster = context.getBean(ClusterSettings.class);
            assertThat(cluster.initialCluster()).hasToString("default=http://localhost:2380");
            ClientSettings client = context.getBean(ClientSettings.class);
            assertThat(client.advertiseClientUrls()).containsExactly(MemberUrl.of("http://localhost:2379"));
            assertThat(client.maxRequestBytes().toBytes()).isEqualTo(1_572_864);
            assertThat(client.maxMessageBytes().toBytes()).isEqualTo(2_097_152);
            BackendSettings backend = context.getBean(BackendSettings.class);
            assertThat(backend.quotaBackendBytes()).isEqualTo(DataSize.ofGigabytes(2));
            assertThat(backend.autoCompaction()).isEqualTo(new AutoCompaction.Off());
            assertThat(context.getBean(LimitSettings.class).readThreads()).isPositive();
        });
    }

    @Test
    void bindWhenSetTakesTheValues() {
        runner.withPropertyValues(
                        "quorate.name=m1",
                        "quorate.wal-dir=/fast",
                        "quorate.heartbeat-interval=20ms",
                        "quorate.election-timeout=150ms",
                        "quorate.listen-client-urls=http://0.0.0.0:2379,http://[::1]:2479",
                        "quorate.advertise-client-urls=http://m1:2379",
                        "quorate.initial-advertise-peer-urls=http://m1:2380,http://m1:2381",
                        "quorate.initial-cluster=m1=http://m1:2381,m1=http://m1:2380",
                        "quorate.initial-cluster-state=existing",
                        "quorate.quota-backend-bytes=-1",
                        "quorate.auto-compaction-retention=30m",
                        "quorate.watch-progress-notify-interval=0",
                        "quorate.limits.watch-buffer=7")
                .run(context -> {
                    assertThat(context.getBean(MemberSettings.class).dataDirectory())
                            .isEqualTo(Path.of("m1.etcd"));
                    assertThat(context.getBean(MemberSettings.class).walDirectory())
                            .isEqualTo(Path.of("/fast"));
                    assertThat(context.getBean(RaftSettings.class).electionTicks())
                            .isEqualTo(7);
                    ClusterSettings cluster = context.getBean(ClusterSettings.class);
                    assertThat(cluster.initialClusterState()).isEqualTo(ClusterSettings.State.EXISTING);
                    assertThat(cluster.initialCluster().members()).containsOnlyKeys("m1");
                    ClientSettings client = context.getBean(ClientSettings.class);
                    assertThat(client.listenClientUrls())
                            .isEqualTo(List.of(MemberUrl.of("http://0.0.0.0:2379"), MemberUrl.of("http://[::1]:2479")));
                    assertThat(client.watchProgressNotifyInterval()).isEqualTo(Duration.ofMinutes(10));
                    BackendSettings backend = context.getBean(BackendSettings.class);
                    assertThat(backend.quotaBackendBytes().isNegative()).isTrue();
                    assertThat(backend.autoCompaction()).isEqualTo(new AutoCompaction.Periodic(Duration.ofMinutes(30)));
                    assertThat(context.getBean(LimitSettings.class).watchBuffer())
                            .isEqualTo(7);
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    quorate.name=a,b                                 | quorate.name = a,b: must not contain
                    quorate.max-wals=-1                              | quorate.max-wals = -1: must not be negative
                    quorate.snapshot-count=0                         | quorate.snapshot-count = 0: must be at least 1
                    quorate.heartbeat-interval=0                     | quorate.heartbeat-interval = 0ms: must be at least 1ms
                    quorate.election-timeout=499ms                   | must be at least 5 times quorate.heartbeat-interval (100ms)
                    quorate.election-timeout=50001ms                 | must be at most 50000ms
                    quorate.listen-client-urls=                      | at least one URL is needed
                    quorate.listen-client-urls=http://0.0.0.0:2379   | is required when quorate.listen-client-urls is set
                    quorate.listen-peer-urls=http://node:2380        | must be an IP address or localhost
                    quorate.advertise-client-urls=http://:2379       | the host is missing
                    quorate.initial-cluster=b=http://localhost:2380  | must name this member, 'default'
                    quorate.initial-cluster=http://localhost:2380    | must look like name=http://host:port
                    quorate.initial-cluster=default=http://a:2380    | must give 'default' the URLs of
                    quorate.initial-cluster=default=http://localhost:2380,b=http://localhost:2380 | must not give http://localhost:2380 twice
                    quorate.listen-client-http-urls=http://localhost:2379 | must not be at the same address as another listener
                    quorate.listen-metrics-urls=https://localhost:2379 | must not be at the same address as another listener
                    quorate.listen-metrics-urls=http://node:1        | must be an IP address or localhost
                    quorate.max-txn-ops=0                            | quorate.max-txn-ops = 0: must be at least 1
                    quorate.max-request-bytes=2GB                    | must be between 1B and 2047MB
                    quorate.watch-progress-notify-interval=99ms      | must be at least 100ms
                    quorate.auto-compaction-retention=soon           | must be a duration such as 30m
                    quorate.auto-compaction-retention=-5m            | must not be negative
                    quorate.auth.bcrypt-cost=3                       | quorate.auth.bcrypt-cost = 3: must be between 4 and 31
                    quorate.auth.bcrypt-cost=32                      | quorate.auth.bcrypt-cost = 32: must be between 4 and 31
                    quorate.auth.token-ttl=-1s                       | quorate.auth.token-ttl = -1s: must be between 0 and 100 years
                    quorate.auth.token=jwt                           | quorate.auth.token = jwt: needs the option sign-method, one of RS256
                    quorate.auth.jwt.issuer=http://id.example        | quorate.auth.jwt.audience = : must name an audience
                    quorate.auth.jwt.jwks=/keys.json                 | quorate.auth.jwt.jwks = /keys.json: needs quorate.auth.jwt.issuer
                    quorate.auth.jwt.clock-skew=11m                  | quorate.auth.jwt.clock-skew
                    quorate.auth.jwt.refresh=9s                      | quorate.auth.jwt.refresh = PT9S: must be at least 10s
                    quorate.auth.jwt.user-claim=                     | quorate.auth.jwt.user-claim = : must name a claim
                    quorate.audit.file-size=1KB                      | quorate.audit.file-size = 1024B: must be at least 1MB
                    quorate.audit.files=-1                           | quorate.audit.files = -1: must be between 0 and 1000
                    quorate.audit.queue=0                            | quorate.audit.queue = 0: must be between 1 and 1048576
                    quorate.limits.raft-inbox=0                      | quorate.limits.raft-inbox = 0: must be at least 1
                    """)
    void bindWhenAValueCannotBeUsedNamesSettingValueAndProblem(String setting, String message) {
        runner.withPropertyValues(setting)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(BadSettingException.class)
                        .hasMessageContaining(message));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    http://127.0.0.1:2380,  http://localhost:2380
                    http://[0:0::1]:2380,   http://[::1]:2380
                    http://LOCALHOST:2380,  http://localhost:2380
                    unix://localhost:2380,  unix://localhost:2380
                    unixs:///run/m1,        unixs:///run/m1
                    """)
    void initialClusterWhenWrittenOtherwiseThanTheAdvertisedUrlIsComparedByWhereItLeads(String listed, String own) {
        runner.withPropertyValues(
                        "quorate.initial-cluster=default=" + listed, "quorate.initial-advertise-peer-urls=" + own)
                .run(context -> assertThat(
                                context.getBean(ClusterSettings.class).initialCluster())
                        .hasToString("default=" + listed));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    http://127.0.0.2:2380,  http://localhost:2380
                    http://localhost:2381,  http://localhost:2380
                    https://localhost:2380, http://localhost:2380
                    unix://localhost:2380,  http://localhost:2380
                    unix://localhost:2380,  unix://127.0.0.1:2380
                    """)
    void initialClusterWhenItLeadsElsewhereThanTheAdvertisedUrlIsRefused(String listed, String own) {
        runner.withPropertyValues(
                        "quorate.initial-cluster=default=" + listed, "quorate.initial-advertise-peer-urls=" + own)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("must give 'default' the URLs of"));
    }

    @Test
    void autoCompactionWhenRevisionModeCountsRevisions() {
        assertThat(AutoCompaction.of(AutoCompaction.Mode.REVISION, "500")).isEqualTo(new AutoCompaction.Revisions(500));
        assertThat(AutoCompaction.of(AutoCompaction.Mode.PERIODIC, "2"))
                .isEqualTo(new AutoCompaction.Periodic(Duration.ofHours(2)));
        assertThat(AutoCompaction.of(AutoCompaction.Mode.PERIODIC, "0s")).isEqualTo(new AutoCompaction.Off());
    }

    @Test
    void startWhenANameDoesNotExistNamesItAndTheOneMeant() {
        runner.withPropertyValues("quorate.hartbeat-interval=1ms")
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOfSatisfying(UnknownSettingException.class, unknown -> {
                            assertThat(unknown.property()).isEqualTo("quorate.hartbeat-interval");
                            assertThat(unknown.closest()).contains("quorate.heartbeat-interval");
                            assertThat(unknown.origin()).isNotEmpty();
                        }));
    }

    @Test
    void startWhenANameResemblesNothingSuggestsNothing() {
        runner.withPropertyValues("quorate.colour=blue")
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOfSatisfying(
                                UnknownSettingException.class,
                                unknown -> assertThat(unknown.closest()).isEmpty()));
    }

    @Test
    void startWhenNamesAreWrittenInOtherWaysAcceptsThem() {
        runner.withPropertyValues(
                        "quorate.snapshotCount=7",
                        "quorate.max_wals=3",
                        "quorate.listen-peer-urls[0]=http://localhost:1",
                        "quorate.listen-peer-urls[1]=http://localhost:2")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(MemberSettings.class).snapshotCount())
                            .isEqualTo(7);
                    assertThat(context.getBean(ClusterSettings.class).listenPeerUrls())
                            .hasSize(2);
                });
    }

    @Test
    void startWhenVariablesAreSetBindsThemAndIgnoresForeignOnes() {
        withVariables(Map.of(
                        "QUORATE_DATADIR", "/data",
                        "QUORATE_LIMITS_APPLY_GAP", "9",
                        "QUORATE_LISTENPEERURLS_0", "http://127.0.0.1:1",
                        "QUORATE_APP", "/app",
                        "QUORATE_PORT", "tcp://10.0.0.1:2379",
                        "QUORATE_PORT_2379_TCP", "tcp://10.0.0.1:2379",
                        "QUORATE_MEMBERS_SERVICE_HOST", "10.0.0.1",
                        "QUORATE_SERVICE_PORT_CLIENT", "2379"))
                .run(context -> {
                    assertThat(context.getBean(MemberSettings.class).dataDirectory())
                            .isEqualTo(Path.of("/data"));
                    assertThat(context.getBean(LimitSettings.class).applyGap()).isEqualTo(9);
                });
    }

    private ApplicationContextRunner withVariables(Map<String, Object> variables) {
        return runner.withInitializer(context -> context.getEnvironment()
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables)));
    }

    @ParameterizedTest
    @CsvSource({
        "QUORATE_DATADRI, QUORATE_DATADIR",
        "QUORATE_DATA_D_IR, QUORATE_DATADIR",
        "quorate_limits_aply_gap, QUORATE_LIMITS_APPLYGAP",
        "QUORATE_LISTENPEERURL_0, QUORATE_LISTENPEERURLS",
        "QUORATE_NONSENSE, "
    })
    void startWhenAVariableIsUnknownNamesItAndTheOneMeant(String variable, String meant) {
        withVariables(Map.of(variable, "1"))
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOfSatisfying(UnknownSettingException.class, unknown -> {
                            assertThat(unknown.property()).isEqualTo(variable);
                            assertThat(unknown.origin()).isEqualTo("the environment");
                            assertThat(unknown.closest()).isEqualTo(Optional.ofNullable(meant));
                        }));
    }

    @Test
    void startWhenAProfileIsNowhereNamesIt() {
        runner.withPropertyValues("spring.profiles.active=prd")
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(BadSettingException.class)
                        .hasMessageContaining("spring.profiles.active = prd: is no profile"));
    }

    @Test
    void startWhenAFileHasAnUnknownNameStops() {
        runner.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addLast(new MapPropertySource("file", Map.of("quorate.limits.nothing", "1"))))
                .run(context -> assertThat(context).getFailure().isInstanceOf(UnknownSettingException.class));
    }
}
