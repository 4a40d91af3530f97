package io.quorate.config.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.config.etcd.CommandLine.BadFlagException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTests {

    private static final String NO_OPERATORS_PORT = "--management.server.port=-1";

    private static CommandLine.Run run(List<String> arguments, Map<String, String> environment) {
        return (CommandLine.Run) CommandLine.read(arguments, environment);
    }

    private static List<String> translated(String... arguments) {
        return run(List.of(arguments), Map.of()).arguments().stream()
                .filter(argument -> !argument.equals(NO_OPERATORS_PORT))
                .toList();
    }

    @Test
    void readWhenNothingIsEtcdsLeavesSpringsArgumentsAlone() {
        List<String> arguments = List.of("--quorate.name=m1", "--spring.profiles.active=prod", "--a.b");
        assertThat(run(arguments, Map.of("HOME", "/x", "QUORATE_NAME", "m2", "ETCDCTL_API", "3")))
                .isEqualTo(new CommandLine.Run(arguments, List.of()));
    }

    @Test
    void readWhenATokenHasOptionsTakesThemFromFlagAndVariable() {
        String jwt = "jwt,pub-key=/a.pub,priv-key=/a.key,sign-method=RS256,ttl=10m";
        assertThat(translated("--auth-token", jwt)).containsExactly("--quorate.auth.token=" + jwt);
        assertThat(run(List.of(), Map.of("ETCD_AUTH_TOKEN", jwt, "ETCD_AUTH_TOKEN_TTL", "9", "ETCD_BCRYPT_COST", "5"))
                        .arguments())
                .contains("--quorate.auth.token=" + jwt, "--quorate.auth.token-ttl=9s", "--quorate.auth.bcrypt-cost=5");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    --name=m1,                                --quorate.name=m1
                    -name=m1,                                 --quorate.name=m1
                    --name m1,                                --quorate.name=m1
                    -name m1,                                 --quorate.name=m1
                    --name=,                                  --quorate.name=
                    --name a --name b,                        --quorate.name=b
                    --initial-cluster=a=http://a:1,           --quorate.initial-cluster=a=http://a:1
                    --pre-vote,                               --quorate.pre-vote=true
                    --pre-vote=F,                             --quorate.pre-vote=false
                    --heartbeat-interval 50,                  --quorate.heartbeat-interval=50ms
                    --election-timeout=500,                   --quorate.election-timeout=500ms
                    --quota-backend-bytes -1,                 --quorate.quota-backend-bytes=-1
                    --grpc-keepalive-interval 1h30m,          --quorate.grpc-keepalive-interval=90m
                    --auto-compaction-retention 1,            --quorate.auto-compaction-retention=1
                    --auto-compaction-retention=1.5h,         --quorate.auto-compaction-retention=90m
                    --experimental-compaction-batch-limit 7,  --quorate.compaction-batch-limit=7
                    --experimental-enable-lease-checkpoint,   --quorate.lease-checkpoint=true
                    --auth-token=,                            --quorate.auth.token=
                    --auth-token-ttl 60,                      --quorate.auth.token-ttl=60s
                    --bcrypt-cost=0xc,                        --quorate.auth.bcrypt-cost=12
                    --log-level warn,                         --logging.level.root=warn
                    --log-level panic,                        --logging.level.root=error
                    --log-level debug,                        --logging.level.io.quorate=debug
                    --log-format json,                        --logging.structured.format.console=ecs
                    --feature-gates LeaseCheckpoint=true,     --quorate.lease-checkpoint=true
                    --quota-backend-bytes 0x10,               --quorate.quota-backend-bytes=16
                    --quota-backend-bytes 1_000,              --quorate.quota-backend-bytes=1000
                    --quota-backend-bytes -0b11,              --quorate.quota-backend-bytes=-3
                    --max-wals +5,                            --quorate.max-wals=5
                    --heartbeat-interval 0144,                --quorate.heartbeat-interval=100ms
                    --election-timeout=0o1750,                --quorate.election-timeout=1000ms
                    --warning-apply-duration 1\u00b5s,        --quorate.warning-apply-duration=1us
                    --warning-apply-duration 1\u03bcs,        --quorate.warning-apply-duration=1us
                    --name m1 --,                             --quorate.name=m1
                    --name m1 --discovery=,                   --quorate.name=m1
                    """)
    void readWhenAFlagIsGivenSetsItsProperty(String arguments, String expected) {
        assertThat(translated(arguments.split(" "))).containsExactly(expected);
    }

    @Test
    void readWhenThereIsNoUrlForMetricsOpensNoPortForOperators() {
        assertThat(run(List.of("--name", "m1"), Map.of()).arguments()).contains(NO_OPERATORS_PORT);
    }

    @Test
    void readWhenThereIsAUrlForMetricsPutsOperatorsThere() {
        assertThat(run(List.of("--listen-metrics-urls", "http://[::1]:9090"), Map.of())
                        .arguments())
                .containsExactlyInAnyOrder("--management.server.address=::1", "--management.server.port=9090");
    }

    @Test
    void readWhenSpansAreWantedSendsThemByHttp() {
        assertThat(run(
                                List.of(
                                        "--enable-distributed-tracing",
                                        "--distributed-tracing-address=collector:4317",
                                        "--distributed-tracing-service-name=etcd",
                                        "--distributed-tracing-instance-id=m1",
                                        "--distributed-tracing-sampling-rate=1000000"),
                                Map.of())
                        .arguments())
                .containsExactlyInAnyOrder(
                        NO_OPERATORS_PORT,
                        "--quorate.tracing.enabled=true",
                        "--quorate.tracing.to=http://collector:4318",
                        "--quorate.tracing.service-name=etcd",
                        "--quorate.tracing.instance-id=m1",
                        "--quorate.tracing.sampling-rate=1000000");
        assertThat(run(List.of("--distributed-tracing-address", "https://[::1]:43170"), Map.of())
                        .arguments())
                .contains("--quorate.tracing.to=https://[::1]:43170");
    }

    @Test
    void readWhenThereAreSeveralUrlsForMetricsListensOnAll() {
        assertThat(run(
                                List.of("--listen-metrics-urls", "https://10.0.0.1:1,http://10.0.0.1:2,http://[::1]:3"),
                                Map.of())
                        .arguments())
                .containsExactlyInAnyOrder(
                        "--management.server.address=10.0.0.1",
                        "--management.server.port=2",
                        "--quorate.listen-metrics-urls=https://10.0.0.1:1,http://[::1]:3");
        assertThat(run(List.of("--listen-metrics-urls", "https://10.0.0.1:1"), Map.of())
                        .arguments())
                .containsExactlyInAnyOrder(NO_OPERATORS_PORT, "--quorate.listen-metrics-urls=https://10.0.0.1:1");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    --bogus,                            flag provided but not defined: -bogus
                    -bogus=1,                           flag provided but not defined: -bogus
                    --experimental-bogus,               flag provided but not defined: -experimental-bogus
                    extra,                              'extra' is not a valid flag
                    --name m1 extra,                    'extra' is not a valid flag
                    --pre-vote false,                   'false' is not a valid flag
                    --name,                             flag needs an argument: -name
                    ---name,                            bad flag syntax: ---name
                    --=x,                               bad flag syntax: --=x
                    --heartbeat-interval=x,             `invalid value "x" for flag -heartbeat-interval: must be a whole number of milliseconds`
                    --pre-vote=maybe,                   `invalid value "maybe" for flag -pre-vote: must be true or false`
                    --grpc-keepalive-timeout 5,         `invalid value "5" for flag -grpc-keepalive-timeout: must be a duration such as 100ms, 5s or 1h30m`
                    --log-level loud,                   `invalid value "loud" for flag -log-level: must be debug, info, warn, error, panic or fatal`
                    --log-format xml,                   `invalid value "xml" for flag -log-format: must be json or console`
                    --feature-gates X=true,             `invalid value "X=true" for flag -feature-gates: unrecognized feature gate: X`
                    --feature-gates LeaseCheckpoint,    `invalid value "LeaseCheckpoint" for flag -feature-gates: missing bool value for LeaseCheckpoint`
                    --max-wals 1__0,                    `invalid value "1__0" for flag -max-wals: must be a whole number`
                    --max-wals 08,                      `invalid value "08" for flag -max-wals: must be a whole number`
                    --max-wals 0x,                      `invalid value "0x" for flag -max-wals: must be a whole number`
                    --max-wals 9223372036854775808,     `invalid value "9223372036854775808" for flag -max-wals: must be a whole number`
                    -- extra,                           'extra' is not a valid flag
                    --name m1 -- --pre-vote,            '--pre-vote' is not a valid flag
                    --discovery=http://a:1,             `--discovery cannot be used: it is gone; list the members in --initial-cluster`
                    --max-wals many,                    `invalid value "many" for flag -max-wals: must be a whole number`
                    --discovery-endpoints example.com,  `--discovery-endpoints cannot be used: it is not there yet; list the members in --initial-cluster`
                    --config-file /no/such/file,        open /no/such/file: no such file
                    """, quoteCharacter = '`')
    void readWhenAFlagIsBadSaysSoAsEtcdDoes(String arguments, String problem) {
        assertThatThrownBy(() -> translated(arguments.split(" ")))
                .isInstanceOf(BadFlagException.class)
                .hasMessage(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-h", "--help", "-help", "--name=m1 --help"})
    void readWhenHelpIsAskedForGivesIt(String arguments) {
        assertThat(CommandLine.read(List.of(arguments.split(" ")), Map.of())).isEqualTo(new CommandLine.Help());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-version", "--version"})
    void readWhenTheVersionIsAskedForGivesIt(String argument) {
        assertThat(CommandLine.read(List.of(argument), Map.of())).isEqualTo(new CommandLine.Version());
    }

    @Test
    void readWhenAVariableIsSetTakesIt() {
        CommandLine.Run run = run(
                List.of(),
                Map.of("ETCD_NAME", "m1", "ETCD_EXPERIMENTAL_COMPACTION_BATCH_LIMIT", "5", "ETCD_DATA_DIR", ""));
        assertThat(run.arguments())
                .containsExactlyInAnyOrder(
                        NO_OPERATORS_PORT, "--quorate.compaction-batch-limit=5", "--quorate.name=m1");
        assertThat(run.notices()).isEmpty();
    }

    @Test
    void readWhenAFlagAndItsVariableAreSetTakesTheFlag() {
        CommandLine.Run run = run(List.of("--name=flag"), Map.of("ETCD_NAME", "variable"));
        assertThat(run.arguments()).contains("--quorate.name=flag").doesNotContain("--quorate.name=variable");
        assertThat(run.notices()).containsExactly("ETCD_NAME is shadowed by the flag --name");
    }

    @Test
    void readWhenAVariableIsUnknownNamesItWithoutItsValue() {
        assertThat(run(List.of(), Map.of("ETCD_SERVICE_HOST", "10.0.0.1")))
                .isEqualTo(
                        new CommandLine.Run(List.of(), List.of("unrecognized environment variable ETCD_SERVICE_HOST")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ETCD_VERSION", "ETCD_HELP", "ETCD_H", "ETCD_VER"})
    void readWhenAVariableOfAnImageIsNoSettingIgnoresItWithAWarning(String variable) {
        assertThat(run(List.of(), Map.of(variable, "3.5.12")))
                .isEqualTo(new CommandLine.Run(List.of(), List.of("unrecognized environment variable " + variable)));
    }

    @Test
    void readWhenAFlagHasNoEffectSaysSo() {
        CommandLine.Run run = run(List.of("--logger=zap", "--experimental-memory-mlock"), Map.of());
        assertThat(run.arguments()).containsExactly(NO_OPERATORS_PORT);
        assertThat(run.notices())
                .containsExactly(
                        "--logger is accepted and ignored: it chooses a library; see --log-format",
                        "--experimental-memory-mlock is accepted and ignored: it locks a memory-mapped database, which"
                                + " there is none of");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--quorate.data-dir=/spring", "--quorate.dataDir=/spring"})
    void readWhenSpringSetsTheSamePropertyLetsItWin(String spring) {
        assertThat(translated("--data-dir=/etcd", spring)).containsExactly(spring);
    }

    @Test
    void readWhenSpringChoosesThePortOfOperatorsKeepsIt() {
        assertThat(run(List.of("--name=m1", "--management.server.port=8080"), Map.of())
                        .arguments())
                .containsExactly("--quorate.name=m1", "--management.server.port=8080");
    }
}
