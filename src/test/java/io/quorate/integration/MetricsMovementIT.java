package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.StreamRecorder;
import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import io.quorate.fixture.WatchSession;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmRequest.AlarmAction;
import io.quorate.proto.AlarmType;
import io.quorate.proto.DefragmentRequest;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.HashKVRequest;
import io.quorate.proto.HashRequest;
import io.quorate.proto.LeaseKeepAliveRequest;
import io.quorate.proto.LeaseKeepAliveResponse;
import io.quorate.proto.MemberPromoteRequest;
import io.quorate.proto.MoveLeaderRequest;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every counter that is documented counts: one that never moves is a fault. */
class MetricsMovementIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WRITES = 1_500;

    private static final Pattern DOCUMENTED = Pattern.compile("\\| `(\\w+)` \\| (counter|histogram) \\|.*");

    /** Faults that cannot be had here, with the tests that have them. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry(
                    "etcd_network_peer_received_failures_total",
                    "PeerNetworkTests: a full inbox, a frame in another's name"),
            Map.entry("etcd_network_snapshot_send_failures", "StateTransferTests: a receiver that goes away"),
            Map.entry("etcd_network_snapshot_receive_failures", "StateTransferTests: a sender that goes away"),
            Map.entry(
                    "quorate_client_connections_refused_total",
                    "ConnectionLimitTests: more connections than there may be"),
            Map.entry(
                    "quorate_client_memory_refusals_total",
                    "FrameFuzzTests: more messages begun than there is room for"),
            Map.entry("quorate_client_memory_waits_total", "MemoryBudgetTests: calls that wait for room"),
            Map.entry("quorate_rocksdb_background_errors_total", "DatabaseTests: a directory that is gone"),
            Map.entry("quorate_tls_handshake_failures_total", "TlsIT and ClusterTlsIT: foreign certificates"),
            Map.entry("quorate_unexpected_refusals_total", "EntryApplierTests: an applier with a defect"),
            Map.entry("quorate_backup_bytes_total", "BackupAgentTests: backups, which are off here"),
            Map.entry("quorate_traced_calls_total", "SpanExporterTests: spans, which are off here"),
            Map.entry("quorate_backup_failures_total", "BackupAgentTests: a store that is full"),
            Map.entry("quorate_audit_dropped_total", "AuditTrailTests: a full queue, a full disk"),
            Map.entry("quorate_audit_lines_total", "AuditTrailTests: calls that leave a line"),
            Map.entry("quorate_auth_issuer_fetches_total", "OutsideIssuerTests: keys of an issuer"),
            Map.entry("quorate_auth_issuer_fetch_failures_total", "OutsideIssuerTests: an issuer that is away"),
            Map.entry("quorate_auth_password_refused_total", "WorkPoolTests: more jobs than may wait"),
            Map.entry("quorate_auth_token_refused_total", "WorkPoolTests: more jobs than may wait"),
            Map.entry("quorate_auth_tokens_displaced_total", "SimpleTokensTests: more logins than are remembered"));

    /** What the alerts of etcd's mixin look at, with the labels that they ask for. */
    private static final List<String> OF_THE_MIXIN = List.of(
            "etcd_network_peer_sent_failures_total\\{To=\"",
            "etcd_server_has_leader ",
            "etcd_server_leader_changes_seen_total ",
            "grpc_server_handled_total\\{.*grpc_code=\"DeadlineExceeded\".*grpc_type=\"unary\"",
            "grpc_server_handling_seconds_bucket\\{grpc_method=\"Put\",.*grpc_type=\"unary\",le=\"0.25\"",
            "etcd_network_peer_round_trip_time_seconds_bucket\\{To=\"\\w+\",le=\"0.2048\"",
            "etcd_server_proposals_failed_total ",
            "etcd_disk_wal_fsync_duration_seconds_bucket\\{le=\"1.024\"",
            "etcd_disk_backend_commit_duration_seconds_bucket\\{le=\"0.256\"",
            "etcd_mvcc_db_total_size_in_bytes ",
            "etcd_mvcc_db_total_size_in_use_in_bytes ",
            "etcd_server_quota_backend_bytes [1-9]");

    private final HttpClient http = HttpClient.newHttpClient();
    private final TestCluster cluster = new TestCluster(
            3,
            Map.of(
                    "snapshot-count", "20",
                    "snapshot-catchup-entries", "5",
                    "metrics", "extensive",
                    "warning-unary-request-duration", "1ns",
                    "warning-apply-duration", "1ns"));

    @AfterEach
    void close() {
        cluster.close();
        http.close();
    }

    private String get(TestMember member, String path) {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create(member.clientUrl() + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new AssertionError(member.logTail(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while reading " + path, e);
        }
    }

    private double sum(TestMember member, String name) {
        return sum(get(member, "/metrics"), name);
    }

    private static double sum(String page, String name) {
        return page.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private void awaitMoved(TestMember member, String name) {
        await(name).atMost(PATIENCE).until(() -> sum(member, name) > 0);
    }

    @Test
    void countersWhenEverythingHappensToThreeMembersHaveAllMoved() throws IOException {
        assumeTrue(cluster.members().getFirst().isQuorate(), "etcd has counters of its own");
        cluster.start();
        TestMember leader = cluster.leader();
        useKeys(leader);
        watch(leader);
        keepLeases(leader);
        maintain(leader);
        sendTheState(leader);
        changeMembers();
        List<String> pages = new ArrayList<>();
        cluster.running().forEach(member -> pages.add(get(member, "/metrics")));
        pages.add(standStill(cluster.leader()));
        loseTheQuorum(pages);

        assertThat(documented())
                .filteredOn(name -> !ELSEWHERE.containsKey(name))
                .filteredOn(name ->
                        pages.stream().noneMatch(page -> sum(page, name) > 0 || sum(page, name + "_count") > 0))
                .as("counters that never moved")
                .isEmpty();
        assertThat(OF_THE_MIXIN)
                .allSatisfy(sample -> assertThat(pages.getFirst()).containsPattern("(?m)^" + sample));
    }

    private static List<String> documented() throws IOException {
        return Files.readAllLines(Path.of("docs/metrics.md")).stream()
                .map(DOCUMENTED::matcher)
                .filter(line -> line.matches())
                .map(line -> line.group(1))
                .toList();
    }

    private void useKeys(TestMember member) {
        GrpcConnection grpc = cluster.grpc(member);
        ByteString key = ByteString.copyFromUtf8("a");
        grpc.put("a", "1");
        grpc.get("a");
        grpc.kv()
                .txn(TxnRequest.newBuilder()
                        .addSuccess(RequestOp.newBuilder()
                                .setRequestPut(PutRequest.newBuilder().setKey(key)))
                        .build());
        long revision = grpc.kv()
                .deleteRange(DeleteRangeRequest.newBuilder().setKey(key).build())
                .getHeader()
                .getRevision();
        grpc.compact(revision);
        awaitMoved(member, "etcd_debugging_mvcc_db_compaction_keys_total");
    }

    private void watch(TestMember member) {
        GrpcConnection grpc = cluster.grpc(member);
        try (WatchSession session = WatchSession.open(grpc)) {
            long id = session.createForAll(0).getWatchId();
            grpc.put("watched", "1");
            session.events(1);
            session.requestProgress();
            awaitMoved(member, "etcd_debugging_server_watch_send_loop_progress_duration_seconds_count");
            session.cancel(id);
        }
    }

    private void keepLeases(TestMember member) {
        GrpcConnection grpc = cluster.grpc(member);
        long kept = grpc.grant(600);
        StreamRecorder<LeaseKeepAliveResponse> renewals = new StreamRecorder<>();
        StreamObserver<LeaseKeepAliveRequest> requests = grpc.leaseStreams().leaseKeepAlive(renewals);
        requests.onNext(LeaseKeepAliveRequest.newBuilder().setID(kept).build());
        awaitMoved(member, "etcd_debugging_lease_renewed_total");
        requests.onCompleted();
        grpc.revoke(kept);
        grpc.grant(1);
        awaitMoved(member, "etcd_debugging_server_lease_expired_total");
    }

    private void maintain(TestMember member) {
        var maintenance = cluster.grpc(member).maintenance();
        maintenance.hash(HashRequest.getDefaultInstance());
        maintenance.hashKV(HashKVRequest.getDefaultInstance());
        maintenance.defragment(DefragmentRequest.getDefaultInstance());
        alarm(member, AlarmAction.ACTIVATE);
        get(member, "/health");
        alarm(member, AlarmAction.DEACTIVATE);
        get(member, "/health");
        get(member, "/livez");
        get(member, "/readyz");
    }

    private void alarm(TestMember member, AlarmAction action) {
        cluster.grpc(member)
                .maintenance()
                .alarm(AlarmRequest.newBuilder()
                        .setAction(action)
                        .setMemberID(5)
                        .setAlarm(AlarmType.NOSPACE)
                        .build());
    }

    /** A follower that was away for longer than the log reaches back. */
    private void sendTheState(TestMember leader) {
        TestMember away = cluster.follower();
        away.kill();
        for (int i = 0; i < WRITES; i++) {
            cluster.grpc(leader).put("k" + i % 100, "v");
        }
        away.start();
        cluster.awaitCaughtUp(away);
        awaitMoved(leader, "etcd_network_snapshot_send_success");
        awaitMoved(away, "etcd_network_snapshot_receive_success");
        awaitMoved(leader, "etcd_snap_fsync_duration_seconds_count");
        awaitMoved(leader, "quorate_rocksdb_flush_written_bytes_total");
    }

    private void changeMembers() {
        TestMember before = cluster.leader();
        long target = cluster.status(cluster.follower()).getHeader().getMemberId();
        cluster.grpc(before)
                .maintenance()
                .moveLeader(MoveLeaderRequest.newBuilder().setTargetID(target).build());
        TestMember leader = cluster.leader();
        TestMember newcomer = cluster.newcomer("m4");
        long id = cluster.addLearner(newcomer.peerUrl()).getID();
        MemberPromoteRequest promote =
                MemberPromoteRequest.newBuilder().setID(id).build();
        assertThatThrownBy(() -> cluster.grpc(leader).cluster().memberPromote(promote))
                .as("it does not run yet")
                .isInstanceOf(StatusRuntimeException.class);
        newcomer.launch();
        await("the promotion")
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() ->
                        cluster.grpc(leader).cluster().memberPromote(promote).getMembersCount() == 4);
        newcomer.awaitReady();
    }

    /** Others elect a leader meanwhile; what this one sends when it wakes up is late. */
    private String standStill(TestMember leader) {
        long before = cluster.status(leader).getHeader().getMemberId();
        TestMember other = cluster.follower();
        leader.freeze();
        try {
            await("another leader")
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> cluster.status(other).getLeader() != before
                            && cluster.status(other).getLeader() != 0);
        } finally {
            leader.thaw();
        }
        awaitMoved(leader, "etcd_server_heartbeat_send_failures_total");
        return get(leader, "/metrics");
    }

    /** The newest pages come first. */
    private void loseTheQuorum(List<String> pages) {
        TestMember left = cluster.leader();
        cluster.running().stream().filter(member -> member != left).limit(2).forEach(TestMember::kill);
        GrpcConnection grpc = cluster.grpc(left);
        assertThatThrownBy(() -> grpc.put("lost", "1")).isInstanceOf(StatusRuntimeException.class);
        assertThatThrownBy(() -> grpc.get("lost")).isInstanceOf(StatusRuntimeException.class);
        awaitMoved(left, "etcd_server_proposals_failed_total");
        awaitMoved(left, "etcd_server_read_indexes_failed_total");
        pages.addFirst(get(left, "/metrics"));
    }
}
