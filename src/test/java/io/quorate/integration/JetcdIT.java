package io.quorate.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Lease;
import io.etcd.jetcd.Watch.Watcher;
import io.etcd.jetcd.cluster.Member;
import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.etcd.jetcd.lease.LeaseTimeToLiveResponse;
import io.etcd.jetcd.maintenance.StatusResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.CompactOption;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.LeaseOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchEvent.EventType;
import io.etcd.jetcd.watch.WatchResponse;
import io.quorate.fixture.MemberExtension;
import io.quorate.fixture.StreamRecorder;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** jetcd, the client of the Java world, against one member; each test writes below a prefix of its own. */
class JetcdIT {

    @RegisterExtension
    static final MemberExtension MEMBER = new MemberExtension();

    private static Client client;

    private String prefix;
    private KV kv;

    @BeforeAll
    static void connect() {
        client = Client.builder().endpoints(MEMBER.member().clientUrl()).build();
    }

    @AfterAll
    static void disconnect() {
        client.close();
    }

    @BeforeEach
    void prepare(TestInfo test) {
        prefix = test.getTestMethod().orElseThrow().getName() + "/";
        kv = client.getKVClient();
    }

    private static <T> T answer(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    private ByteSequence key(String name) {
        return bytes(prefix + name);
    }

    private long put(String name, String value) throws Exception {
        return answer(kv.put(key(name), bytes(value))).getHeader().getRevision();
    }

    private String value(String name) throws Exception {
        return answer(kv.get(key(name))).getKvs().getFirst().getValue().toString(UTF_8);
    }

    @Test
    void putWhenPreviousIsWantedReturnsIt() throws Exception {
        long first = put("a", "1");
        PutOption withPrevious = PutOption.builder().withPrevKV().build();

        KeyValue previous = answer(kv.put(key("a"), bytes("2"), withPrevious)).getPrevKv();

        assertThat(previous.getValue()).isEqualTo(bytes("1"));
        assertThat(previous.getModRevision()).isEqualTo(first);
        KeyValue current = answer(kv.get(key("a"))).getKvs().getFirst();
        assertThat(current.getVersion()).isEqualTo(2);
        assertThat(current.getCreateRevision()).isEqualTo(first);
        assertThat(current.getModRevision()).isEqualTo(first + 1);
    }

    @Test
    void getWhenOptionsAreGivenHonoursThem() throws Exception {
        put("c", "1");
        long before = put("a", "3");
        put("b", "2");

        assertThat(values(GetOption.builder())).containsExactly("3", "2", "1");
        assertThat(values(GetOption.builder().withRevision(before))).containsExactly("3", "1");
        assertThat(values(GetOption.builder()
                        .withSortField(GetOption.SortTarget.VALUE)
                        .withSortOrder(GetOption.SortOrder.DESCEND)
                        .withLimit(2)))
                .containsExactly("3", "2");
        assertThat(values(GetOption.builder().withSerializable(true))).containsExactly("3", "2", "1");
        assertThat(values(GetOption.builder().withKeysOnly(true))).containsExactly("", "", "");
        assertThat(values(GetOption.builder().withMinModRevision(before))).containsExactly("3", "2");
        GetResponse limited = answer(kv.get(
                bytes(prefix), GetOption.builder().isPrefix(true).withLimit(1).build()));
        assertThat(limited.isMore()).isTrue();
        assertThat(limited.getCount()).isEqualTo(3);
        GetResponse counted = answer(kv.get(
                bytes(prefix),
                GetOption.builder().isPrefix(true).withCountOnly(true).build()));
        assertThat(counted.getKvs()).isEmpty();
        assertThat(counted.getCount()).isEqualTo(3);
    }

    private List<String> values(GetOption.Builder options) throws Exception {
        return answer(kv.get(bytes(prefix), options.isPrefix(true).build())).getKvs().stream()
                .map(record -> record.getValue().toString(UTF_8))
                .toList();
    }

    @Test
    void deleteWhenPrefixIsGivenReturnsThePrevious() throws Exception {
        put("a", "1");
        put("b", "2");
        DeleteOption all =
                DeleteOption.builder().isPrefix(true).withPrevKV(true).build();

        var deleted = answer(kv.delete(bytes(prefix), all));

        assertThat(deleted.getDeleted()).isEqualTo(2);
        assertThat(deleted.getPrevKvs()).extracting(KeyValue::getValue).containsExactly(bytes("1"), bytes("2"));
        assertThat(answer(kv.delete(bytes(prefix), all)).getDeleted()).isZero();
    }

    @Test
    void txnWhenComparesHoldTakesThenBranch() throws Exception {
        long revision = put("a", "1");
        Cmp[] compares = {
            new Cmp(key("a"), Cmp.Op.EQUAL, CmpTarget.value(bytes("1"))),
            new Cmp(key("a"), Cmp.Op.EQUAL, CmpTarget.modRevision(revision)),
            new Cmp(key("a"), Cmp.Op.GREATER, CmpTarget.version(0)),
            new Cmp(key("none"), Cmp.Op.EQUAL, CmpTarget.createRevision(0)),
        };

        TxnResponse response = answer(kv.txn()
                .If(compares)
                .Then(
                        Op.put(key("a"), bytes("2"), PutOption.DEFAULT),
                        Op.get(key("a"), GetOption.DEFAULT),
                        Op.txn(
                                new Cmp[] {new Cmp(key("a"), Cmp.Op.EQUAL, CmpTarget.value(bytes("1")))},
                                new Op[] {Op.put(key("b"), bytes("inner"), PutOption.DEFAULT)},
                                new Op[0]))
                .Else(Op.delete(key("a"), DeleteOption.DEFAULT))
                .commit());

        assertThat(response.isSucceeded()).isTrue();
        assertThat(response.getHeader().getRevision()).isEqualTo(revision + 1);
        assertThat(response.getGetResponses().getFirst().getKvs().getFirst().getValue())
                .isEqualTo(bytes("2"));
        assertThat(value("b")).isEqualTo("inner");
    }

    @Test
    void txnWhenOneCompareFailsTakesElseBranch() throws Exception {
        put("a", "1");

        TxnResponse response = answer(kv.txn()
                .If(new Cmp(key("a"), Cmp.Op.EQUAL, CmpTarget.value(bytes("1"))))
                .If(new Cmp(key("a"), Cmp.Op.LESS, CmpTarget.version(1)))
                .Then(Op.put(key("a"), bytes("then"), PutOption.DEFAULT))
                .Else(Op.put(key("a"), bytes("else"), PutOption.DEFAULT))
                .commit());

        assertThat(response.isSucceeded()).isFalse();
        assertThat(value("a")).isEqualTo("else");
    }

    @Test
    void compactWhenDoneRefusesOlderRevisions() throws Exception {
        put("a", "1");
        long revision = put("a", "2");
        answer(kv.compact(
                revision, CompactOption.builder().withCompactPhysical(true).build()));

        GetOption old = GetOption.builder().withRevision(revision - 1).build();
        assertThatThrownBy(() -> answer(kv.get(key("a"), old)))
                .hasRootCauseMessage("OUT_OF_RANGE: etcdserver: mvcc: required revision has been compacted");

        StreamRecorder<WatchResponse> recorder = new StreamRecorder<>();
        WatchOption compacted = WatchOption.builder().withRevision(1).build();
        try (Watcher watcher = client.getWatchClient().watch(key("a"), compacted, recorder::onNext, error -> {
            assertThat(error).isInstanceOf(CompactedException.class);
            assertThat(((CompactedException) error).getCompactedRevision()).isEqualTo(revision);
            recorder.onCompleted();
        })) {
            assertThat(recorder.end().isOk()).isTrue();
            // jetcd closes the watcher after it told the listener, on its own thread
            await().untilAsserted(() -> assertThat(watcher.isClosed()).isTrue());
        }
    }

    @Test
    void watchWhenRevisionIsOldReplaysHistoryThenGoesOn() throws Exception {
        long start = put("a", "1");
        put("b", "2");
        put("a", "3");
        answer(kv.delete(key("b")));
        StreamRecorder<WatchResponse> recorder = new StreamRecorder<>();
        WatchOption options = WatchOption.builder()
                .isPrefix(true)
                .withRevision(start)
                .withPrevKV(true)
                .build();

        try (Watcher watcher = client.getWatchClient().watch(bytes(prefix), options, recorder::onNext)) {
            assertThat(events(recorder, 4))
                    .containsExactly("PUT a=1 was ", "PUT b=2 was ", "PUT a=3 was 1", "DELETE b= was 2");
            put("a", "4");
            assertThat(events(recorder, 1)).containsExactly("PUT a=4 was 3");
            assertThat(watcher.isClosed()).isFalse();
        }
    }

    private List<String> events(StreamRecorder<WatchResponse> recorder, int count) {
        List<String> events = new ArrayList<>();
        while (events.size() < count) {
            recorder.next().getEvents().forEach(event -> events.add(describe(event)));
        }
        return events;
    }

    private String describe(WatchEvent event) {
        String key = event.getKeyValue().getKey().toString(UTF_8).substring(prefix.length());
        return event.getEventType() + " " + key + "=" + event.getKeyValue().getValue() + " was "
                + event.getPrevKV().getValue();
    }

    @Test
    void watchWhenProgressIsRequestedAnswersWithTheRevision() throws Exception {
        StreamRecorder<WatchResponse> recorder = new StreamRecorder<>();
        WatchOption options =
                WatchOption.builder().isPrefix(true).withCreateNotify(true).build();

        try (Watcher watcher = client.getWatchClient().watch(bytes(prefix), options, recorder::onNext)) {
            assertThat(recorder.next().isCreatedNotify()).isTrue();
            long revision = put("a", "1");
            assertThat(events(recorder, 1)).hasSize(1);

            watcher.requestProgress();

            WatchResponse progress = recorder.next();
            assertThat(progress.isProgressNotify()).isTrue();
            assertThat(progress.getHeader().getRevision()).isGreaterThanOrEqualTo(revision);
        }
    }

    @Test
    void watchWhenPutsAreFilteredShowsOnlyDeletes() throws Exception {
        long start = put("a", "1");
        answer(kv.delete(key("a")));
        StreamRecorder<WatchResponse> recorder = new StreamRecorder<>();
        WatchOption options =
                WatchOption.builder().withRevision(start).withNoPut(true).build();

        try (Watcher ignored = client.getWatchClient().watch(key("a"), options, recorder::onNext)) {
            assertThat(recorder.next().getEvents())
                    .extracting(WatchEvent::getEventType)
                    .containsExactly(EventType.DELETE);
        }
    }

    @Test
    void leaseWhenKeptAliveOutlivesItsTtlAndKnowsItsKeys() throws Exception {
        Lease leases = client.getLeaseClient();
        long lease = answer(leases.grant(2)).getID();
        answer(kv.put(
                key("a"), bytes("1"), PutOption.builder().withLeaseId(lease).build()));
        StreamRecorder<LeaseKeepAliveResponse> renewals = new StreamRecorder<>();

        try (var ignored = leases.keepAlive(lease, renewals)) {
            for (int renewal = 0; renewal < 4; renewal++) { // one each 2/3 s: longer than the lease lives alone
                assertThat(renewals.next().getTTL()).isEqualTo(2);
            }
        }
        LeaseTimeToLiveResponse life = answer(leases.timeToLive(
                lease, LeaseOption.builder().withAttachedKeys().build()));
        assertThat(life.getGrantedTTL()).isEqualTo(2);
        assertThat(life.getKeys()).containsExactly(key("a"));
        assertThat(answer(leases.keepAliveOnce(lease)).getTTL()).isEqualTo(2);
        answer(leases.revoke(lease));
        assertThat(answer(kv.get(key("a"))).getKvs()).isEmpty();
        assertThat(answer(leases.timeToLive(lease, LeaseOption.DEFAULT)).getTTL())
                .isEqualTo(-1);
    }

    @Test
    void leaseWhenExpiredDeletesItsKeysInOneRevision() throws Exception {
        StreamRecorder<WatchResponse> recorder = new StreamRecorder<>();
        WatchOption options = WatchOption.builder()
                .isPrefix(true)
                .withNoPut(true)
                .withCreateNotify(true)
                .build();
        try (Watcher ignored = client.getWatchClient().watch(bytes(prefix), options, recorder::onNext)) {
            assertThat(recorder.next().isCreatedNotify()).isTrue();
            long lease = answer(client.getLeaseClient().grant(2)).getID();
            PutOption attached = PutOption.builder().withLeaseId(lease).build();
            answer(kv.put(key("b"), bytes("2"), attached));
            long last =
                    answer(kv.put(key("a"), bytes("1"), attached)).getHeader().getRevision();

            List<WatchEvent> events = recorder.next().getEvents();

            assertThat(events).extracting(event -> event.getKeyValue().getKey()).containsExactly(key("a"), key("b"));
            assertThat(events)
                    .extracting(event -> event.getKeyValue().getModRevision())
                    .containsOnly(last + 1);
            assertThat(answer(kv.get(
                                    bytes(prefix),
                                    GetOption.builder().isPrefix(true).build()))
                            .getKvs())
                    .isEmpty();
        }
    }

    @Test
    void leaseWhenUnknownIsRefused() {
        PutOption attached = PutOption.builder().withLeaseId(1234).build();

        assertThatThrownBy(() -> answer(kv.put(key("a"), bytes("1"), attached)))
                .hasRootCauseMessage("NOT_FOUND: etcdserver: requested lease not found");
        assertThatThrownBy(() -> answer(client.getLeaseClient().revoke(1234)))
                .hasRootCauseMessage("NOT_FOUND: etcdserver: requested lease not found");
    }

    @Test
    void clusterWhenItHasOneMemberListsIt() throws Exception {
        List<Member> members = answer(client.getClusterClient().listMember()).getMembers();

        assertThat(members).hasSize(1);
        Member member = members.getFirst();
        assertThat(member.getName()).isEqualTo("default");
        assertThat(member.isLearner()).isFalse();
        assertThat(member.getClientURIs())
                .containsExactly(URI.create(MEMBER.member().clientUrl()));
        assertThat(member.getPeerURIs())
                .containsExactly(URI.create(MEMBER.member().peerUrl()));
    }

    @Test
    void maintenanceWhenAskedForStatusAnswers() throws Exception {
        StatusResponse status = answer(
                client.getMaintenanceClient().statusMember(MEMBER.member().clientUrl()));

        assertThat(status.getVersion()).startsWith("3.");
        assertThat(status.getLeader()).isEqualTo(status.getHeader().getMemberId());
        assertThat(status.getRaftIndex()).isPositive();
        assertThat(status.getRaftTerm()).isPositive();
        assertThat(status.getDbSize()).isPositive();
        assertThat(answer(client.getMaintenanceClient().listAlarms()).getAlarms())
                .isEmpty();
    }
}
