package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.MemberProcess;
import io.quorate.fixture.TestMember;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmRequest.AlarmAction;
import io.quorate.proto.AlarmType;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Settings of a real member that change while it serves, by the actuator and by its application.yml. */
class SettingsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String OPEN = "management.endpoint.settings.access: unrestricted\n";

    private static TestMember member;
    private static GrpcConnection grpc;
    private static HttpClient http;

    @BeforeAll
    static void start() throws IOException {
        member = new MemberProcess(Map.of());
        write(OPEN);
        member.start();
        grpc = GrpcConnection.to(member);
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        http.close();
        grpc.close();
        member.close();
    }

    /** As Kubernetes does it: a link that is pointed elsewhere. */
    private static void write(String text) throws IOException {
        Path directory = member.directory();
        Path version = Files.writeString(Files.createTempFile(directory, "settings", ".yml"), text);
        Path link = directory.resolve("next.yml");
        Files.createSymbolicLink(link, version);
        Files.move(link, directory.resolve("application.yml"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static HttpResponse<String> change(String name, String value) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(member.managementUrl() + "/actuator/settings/" + name))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"value\":" + value + "}"))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static void assertChanged(String name, String value) throws IOException, InterruptedException {
        HttpResponse<String> answer = change(name, value);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static void putTwoAtOnce() {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        for (String key : new String[] {"a", "b"}) {
            txn.addSuccess(
                    RequestOp.newBuilder().setRequestPut(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key))));
        }
        grpc.kv().txn(txn.build());
    }

    @Test
    void quotaWhenChangedByTheActuatorRefusesWritesAndAdmitsThemAgain() throws Exception {
        assertChanged("quorate.quota-backend-bytes", "1");
        assertThatThrownBy(() -> grpc.put("k", "v")).hasMessageContaining("database space exceeded");
        assertThat(member.output())
                .containsPattern(
                        "the store is full, it takes \\d+ bytes of the 1 of quorate.quota-backend-bytes: alarm NOSPACE");
        assertChanged("quorate.quota-backend-bytes", "\"2GB\"");
        var alarms = grpc.maintenance().alarm(AlarmRequest.getDefaultInstance());
        grpc.maintenance()
                .alarm(AlarmRequest.newBuilder()
                        .setAction(AlarmAction.DEACTIVATE)
                        .setMemberID(alarms.getAlarms(0).getMemberID())
                        .setAlarm(AlarmType.NOSPACE)
                        .build());
        assertThat(grpc.put("k", "v").getHeader().getRevision()).isPositive();
    }

    @Test
    void changeWhenItIsRefusedIsNotMade() throws Exception {
        HttpResponse<String> restart = change("quorate.election-timeout", "\"2s\"");
        assertThat(restart.statusCode()).isEqualTo(409);
        assertThat(restart.body()).contains("quorate.election-timeout", "needs a restart");
        assertThat(change("quorate.max-txn-opps", "1").statusCode()).isEqualTo(400);
        HttpResponse<String> bad = change("quorate.max-txn-ops", "0");
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(bad.body()).contains("quorate.max-txn-ops = 0", "must be at least 1");
        putTwoAtOnce();
        assertThat(member.output()).doesNotContain("org.springframework");
    }

    @Test
    void fileWhenItChangesIsFollowedWithoutARestart() throws Exception {
        putTwoAtOnce();
        write(OPEN + """
                quorate:
                  max-txn-ops: 1
                  warning-unary-request-duration: 1ns
                logging.level.io.quorate.watch: debug
                """);
        await("the limit")
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThatThrownBy(SettingsIT::putTwoAtOnce).hasMessageContaining("too many operations"));
        assertThat(member.output())
                .contains("setting quorate.max-txn-ops is now '1'")
                .contains("setting logging.level.io.quorate.watch is now 'debug'")
                .contains("etcdserverpb.KV/Txn");
        write(OPEN);
        await("the limit of before").atMost(PATIENCE).ignoreExceptions().untilAsserted(SettingsIT::putTwoAtOnce);
    }

    @Test
    void fileWhenASettingNeedsARestartSaysSoAndOneThatIsUnknownChangesNothing() throws Exception {
        write(OPEN + "quorate.snapshot-count: 78\n");
        await("the warning")
                .atMost(PATIENCE)
                .until(() ->
                        member.output().contains("setting quorate.snapshot-count has changed in a file; it needs"));
        write(OPEN + "quorate: {max-txn-oops: 1, max-txn-ops: 1}\n");
        await("the refusal").atMost(PATIENCE).until(() -> member.output().contains("settings files cannot be used"));
        assertThat(member.output()).contains("quorate.max-txn-oops");
        write(OPEN + "quorate:\n\tmax-txn-ops: 1\n");
        await("the place of the error")
                .atMost(PATIENCE)
                .until(() -> member.output()
                        .contains("stay as they are: application.yml, line 3, column 1: while scanning"));
        putTwoAtOnce();
        write(OPEN);
    }

    @Test
    void levelWhenChangedByTheActuatorIsInForceAtOnce() throws Exception {
        assertThat(member.output()).doesNotContain(" DEBUG ");
        assertChanged("logging.level.io.quorate.api.grpc.CallLog", "\"debug\"");
        await("a line of that level").atMost(PATIENCE).until(() -> {
            grpc.put("k", "v");
            return member.output().contains("DEBUG");
        });
        assertChanged("logging.level.io.quorate.api.grpc.CallLog", "\"info\"");
    }
}
