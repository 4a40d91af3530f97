package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.fixture.EtcdctlCommand;
import io.quorate.fixture.EtcdctlCommand.Answer;
import io.quorate.fixture.EtcdctlCommand.Running;
import io.quorate.fixture.MemberExtension;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The installed etcdctl against one member; each test writes below a prefix of its own. */
class EtcdctlIT {

    @RegisterExtension
    static final MemberExtension MEMBER = new MemberExtension();

    private static final AtomicInteger COUNTER = new AtomicInteger();

    private EtcdctlCommand etcdctl;
    private String prefix;

    @BeforeAll
    static void etcdctlIsInstalled() {
        assumeTrue(EtcdctlCommand.isInstalled(), "etcdctl is not installed");
    }

    @BeforeEach
    void prepare(TestInfo test) {
        etcdctl = new EtcdctlCommand(MEMBER.member());
        prefix = test.getTestMethod().orElseThrow().getName() + COUNTER.incrementAndGet() + "/";
    }

    private String key(String name) {
        return prefix + name;
    }

    private void put(String name, String value) {
        assertThat(etcdctl.run("put", key(name), value)).isEqualTo("OK");
    }

    private long revision() {
        return MEMBER.grpc().get("none").getHeader().getRevision();
    }

    @Test
    void putWhenPreviousIsWantedPrintsIt() {
        put("a", "1");

        assertThat(etcdctl.run("put", "--prev-kv", key("a"), "2").lines()).containsExactly("OK", key("a"), "1");
        assertThat(etcdctl.run("get", key("a")).lines()).containsExactly(key("a"), "2");
        assertThat(etcdctl.run("get", key("missing"))).isEmpty();
    }

    @Test
    void getWhenManyKeysMatchHonoursEachOption() {
        put("c", "1");
        put("a", "3");
        long before = revision();
        put("b", "2");
        put("a", "4");

        assertThat(etcdctl.run("get", "--prefix", prefix).lines())
                .containsExactly(key("a"), "4", key("b"), "2", key("c"), "1");
        assertThat(etcdctl.run("get", "--prefix", "--limit=2", "--keys-only", prefix)
                        .lines())
                .containsExactly(key("a"), "", key("b"));
        assertThat(values("--sort-by=MODIFY", "--order=DESCEND")).containsExactly("4", "2", "1");
        assertThat(values("--sort-by=CREATE")).containsExactly("1", "4", "2");
        assertThat(values("--sort-by=VALUE", "--limit=2", "--order=ASCEND")).containsExactly("1", "2");
        assertThat(values("--sort-by=VERSION", "--order=DESCEND", "--limit=1")).containsExactly("4");
        assertThat(values("--sort-by=KEY", "--order=DESCEND")).containsExactly("1", "2", "4");
        assertThat(values("--rev=" + before)).containsExactly("3", "1");
        assertThat(values("--consistency=s")).containsExactly("4", "2", "1");
        assertThat(etcdctl.run("get", key("a"), key("c"), "--print-value-only").lines())
                .containsExactly("4", "2");
        assertThat(etcdctl.run("get", "--prefix", "--limit=1", "-w", "fields", prefix))
                .contains("\"More\" : true", "\"Count\" : 3");
    }

    private List<String> values(String... options) {
        String[] arguments = new String[options.length + 4];
        System.arraycopy(new String[] {"get", "--prefix", "--print-value-only", prefix}, 0, arguments, 0, 4);
        System.arraycopy(options, 0, arguments, 4, options.length);
        return etcdctl.run(arguments).lines().toList();
    }

    @Test
    void getWhenJsonIsWantedShowsTheRecord() {
        put("a", "1");
        put("a", "2");
        long revision = revision();

        assertThat(etcdctl.run("get", "-w", "json", key("a")))
                .contains("\"revision\":" + revision, "\"mod_revision\":" + revision)
                .contains(
                        "\"create_revision\":" + (revision - 1), "\"version\":2", "\"value\":\"Mg==\"", "\"count\":1");
    }

    @Test
    void delWhenKeysExistCountsThem() {
        put("a", "1");
        put("b", "2");
        put("c", "3");
        long before = revision();

        assertThat(etcdctl.run("del", key("none"))).isEqualTo("0");
        assertThat(revision()).isEqualTo(before);
        assertThat(etcdctl.run("del", "--prev-kv", key("a")).lines()).containsExactly("1", key("a"), "1");
        assertThat(etcdctl.run("del", "--prefix", prefix)).isEqualTo("2");
        assertThat(revision()).isEqualTo(before + 2);
        assertThat(etcdctl.run("get", "--prefix", prefix)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "value, =, 5, SUCCESS",
        "value, !=, 5, FAILURE",
        "value, >, 4, SUCCESS",
        "value, <, 5, FAILURE",
        "ver, =, 2, SUCCESS",
        "ver, >, 2, FAILURE",
        "create, <, 1000000, SUCCESS",
        "create, >, 1000000, FAILURE",
        "mod, >, 1, SUCCESS",
        "mod, =, 1, FAILURE"
    })
    void txnWhenOneCompareIsGivenTakesItsBranch(String target, String operator, String operand, String outcome) {
        put("a", "4");
        put("a", "5");
        String input = "%s(\"%s\") %s \"%s\"\n\n".formatted(target, key("a"), operator, operand)
                + "put %s yes\n\nput %s no\n\n".formatted(key("branch"), key("branch"));

        assertThat(etcdctl.runWithInput(input, "txn", "-i").lines()).contains(outcome);
        assertThat(etcdctl.run("get", "--print-value-only", key("branch")))
                .isEqualTo(outcome.equals("SUCCESS") ? "yes" : "no");
    }

    @Test
    void txnWhenBranchHasManyOperationsRunsThemInOrder() {
        put("a", "1");
        put("b", "1");
        long before = revision();
        String operations = "put %1$s 2\nget %1$s\ndel %2$s\nget --prefix %3$s\n".formatted(key("a"), key("b"), prefix);

        String output = etcdctl.runWithInput("ver(\"" + key("c") + "\") = \"0\"\n\n" + operations + "\n\n", "txn");

        assertThat(output.lines().filter(line -> !line.isEmpty()))
                .containsExactly("SUCCESS", "OK", key("a"), "2", "1", key("a"), "2");
        assertThat(revision()).isEqualTo(before + 1);
    }

    @Test
    void watchWhenRevisionIsOldReplaysHistoryThenGoesOn() {
        long start = revision() + 1;
        put("a", "1");
        put("b", "2");
        put("a", "3");
        etcdctl.run("del", key("b"));

        try (Running watch = etcdctl.start("watch", "--rev=" + start, "--prefix", "--prev-kv", prefix)) {
            assertThat(watch.nextLines(14))
                    .containsExactly(
                            "PUT", key("a"), "1", "PUT", key("b"), "2", "PUT", key("a"), "1", key("a"), "3", "DELETE",
                            key("b"), "2");
            watch.nextLines(1); // the deleted key, without a value

            put("a", "4");
            assertThat(watch.nextLines(6)).containsExactly("", "PUT", key("a"), "3", key("a"), "4");
        }
    }

    @Test
    void watchWhenOneKeyIsGivenShowsNoOther() {
        try (Running watch = etcdctl.start("watch", "--rev=" + (revision() + 1), key("a"))) {
            put("aa", "1");
            put("a", "2");

            assertThat(watch.nextLines(3)).containsExactly("PUT", key("a"), "2");
        }
    }

    @Test
    void leaseWhenGrantedHoldsKeysUntilRevoked() {
        String lease = grant("lease", "100");
        assertThat(etcdctl.run("put", "--lease=" + lease, key("a"), "1")).isEqualTo("OK");

        assertThat(etcdctl.run("lease", "keep-alive", "--once", lease))
                .isEqualTo("lease " + lease + " keepalived with TTL(100)");
        assertThat(etcdctl.run("lease", "timetolive", "--keys", lease))
                .matches("lease " + lease
                        + " granted with TTL\\(100s\\), remaining\\((100|9\\d)s\\), attached keys\\(\\[" + key("a")
                        + "]\\)");
        assertThat(etcdctl.run("lease", "list").lines()).contains(lease);
        assertThat(etcdctl.run("lease", "revoke", lease)).isEqualTo("lease " + lease + " revoked");
        assertThat(etcdctl.run("get", key("a"))).isEmpty();
        assertThat(etcdctl.run("lease", "list").lines()).doesNotContain(lease);
        assertThat(etcdctl.run("lease", "timetolive", lease)).isEqualTo("lease " + lease + " already expired");
    }

    private String grant(String word, String seconds) {
        String[] answer = etcdctl.run("lease", "grant", seconds).split(" ");
        assertThat(answer).startsWith(word).endsWith("TTL(" + seconds + "s)");
        return answer[1];
    }

    @Test
    void leaseWhenKeptAliveStaysUntilTheClientStops() {
        String lease = grant("lease", "2");

        try (Running keepAlive = etcdctl.start("lease", "keep-alive", lease)) {
            String renewed = "lease " + lease + " keepalived with TTL(2)";
            assertThat(keepAlive.nextLines(3)).containsOnly(renewed);
        }
    }

    @Test
    void leaseWhenUnknownIsRefused() {
        assertThat(etcdctl.fail("lease", "revoke", "4d2")).contains("etcdserver: requested lease not found");
        assertThat(etcdctl.fail("put", "--lease=4d2", key("a"), "1"))
                .contains("Error: etcdserver: requested lease not found");
        assertThat(etcdctl.run("lease", "timetolive", "4d2")).isEqualTo("lease 00000000000004d2 already expired");
        assertThat(etcdctl.fail("lease", "keep-alive", "--once", "4d2")).contains("requested lease not found");
    }

    @Test
    void endpointWhenAskedIsHealthyAndKnowsItself() {
        put("a", "1");

        assertThat(etcdctl.run("endpoint", "status", "-w", "json"))
                .contains("\"version\":\"3.", "\"leader\":", "\"raftIndex\":", "\"raftTerm\":", "\"raftAppliedIndex\":")
                .contains("\"dbSize\":", "\"dbSizeInUse\":", "\"revision\":" + revision());
        Answer health = etcdctl.tryRun("", "endpoint", "health");
        assertThat(health.exitCode()).isZero();
        assertThat(health.output() + health.errors()).contains("is healthy: successfully committed proposal");
    }

    @Test
    void memberListWhenClusterHasOneShowsIt() {
        String url = MEMBER.member().clientUrl();

        assertThat(etcdctl.run("member", "list"))
                .matches("[0-9a-f]+, started, default, " + MEMBER.member().peerUrl() + ", " + url + ", false");
        assertThat(etcdctl.run("member", "list", "-w", "json"))
                .contains("\"name\":\"default\"", "\"clientURLs\":[\"" + url + "\"]");
    }

    @Test
    void compactionWhenDoneRefusesOlderRevisions() {
        put("a", "1");
        put("a", "2");
        long compacted = revision();
        put("a", "3");

        assertThat(etcdctl.run("compaction", "" + compacted)).isEqualTo("compacted revision " + compacted);
        String tooOld = "Error: etcdserver: mvcc: required revision has been compacted";
        assertThat(etcdctl.fail("get", "--rev=" + (compacted - 1), key("a"))).contains(tooOld);
        assertThat(etcdctl.fail("compaction", "" + compacted)).contains(tooOld);
        assertThat(etcdctl.fail("compaction", "1000000"))
                .contains("Error: etcdserver: mvcc: required revision is a future revision");
        assertThat(etcdctl.run("get", "--rev=" + compacted, "--print-value-only", key("a")))
                .isEqualTo("2");
        assertThat(etcdctl.run("compaction", "--physical", "" + (compacted + 1)))
                .isEqualTo("compacted revision " + (compacted + 1));
        assertThat(etcdctl.run("get", "--print-value-only", key("a"))).isEqualTo("3");
    }

    @Test
    void watchWhenRevisionIsCompactedIsCancelled() {
        put("a", "1");
        put("a", "2");
        etcdctl.run("compaction", "" + revision());

        Answer watch = etcdctl.tryRun("", "watch", "--rev=1", key("a"));

        assertThat(watch.output() + watch.errors())
                .contains("watch was canceled (etcdserver: mvcc: required revision has been compacted)");
        assertThat(watch.exitCode()).isNotZero();
    }

    @Test
    void lockWhenFreeRunsTheCommandAndLeavesNothing() {
        assertThat(etcdctl.run("lock", key("lock"), "echo", "inside")).isEqualTo("inside");
        assertThat(etcdctl.run("get", "--prefix", prefix)).isEmpty();
    }

    @Test
    void lockWhenHeldIsGivenToTheNext() {
        try (Running first = etcdctl.start("lock", key("lock"))) {
            String holder = first.nextLines(1).getFirst();
            assertThat(holder).startsWith(key("lock") + "/");
            try (Running second = etcdctl.start("lock", key("lock"))) {
                first.close();
                assertThat(second.nextLines(1).getFirst())
                        .startsWith(key("lock") + "/")
                        .isNotEqualTo(holder);
            }
        }
    }

    @Test
    void electWhenWonIsSeenByListeners() {
        try (Running candidate = etcdctl.start("elect", key("election"), "me")) {
            List<String> won = candidate.nextLines(2);
            assertThat(won.getLast()).isEqualTo("me");
            try (Running listener = etcdctl.start("elect", "-l", key("election"))) {
                assertThat(listener.nextLines(2)).isEqualTo(won);
            }
        }
    }

    @Test
    void alarmListWhenNothingIsWrongIsEmpty() {
        assertThat(etcdctl.run("alarm", "list")).isEmpty();
    }

    @Test
    void requestWhenRefusedShowsTheTextOfEtcd() {
        assertThat(etcdctl.fail("put", "", "x")).contains("Error: etcdserver: key is not provided");
        assertThat(etcdctl.fail("get", "--rev=1000000", key("a")))
                .contains("Error: etcdserver: mvcc: required revision is a future revision");
        assertThat(etcdctl.fail("put", "--ignore-value", key("none"))).contains("Error: etcdserver: key not found");
        assertThat(etcdctl.fail("put", "--ignore-lease", key("none"), "x"))
                .contains("Error: etcdserver: key not found");
    }
}
