package io.quorate.ops;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * etcd's metrics, as docs/etcd-v3.md lists them, sorted by what becomes of them here. Each name ends in its type: C counter, G
 * gauge, H histogram.
 */
public final class EtcdMetricNames {

    private static final String PUBLISHED = """
            etcd_cluster_version:G etcd_debugging_lease_granted_total:C etcd_debugging_lease_renewed_total:C
            etcd_debugging_lease_revoked_total:C etcd_debugging_lease_ttl_total:H etcd_debugging_mvcc_compact_revision:G
            etcd_debugging_mvcc_current_revision:G etcd_debugging_mvcc_db_compaction_keys_total:C
            etcd_debugging_mvcc_db_compaction_last:G etcd_debugging_mvcc_db_compaction_pause_duration_milliseconds:H
            etcd_debugging_mvcc_db_compaction_total_duration_milliseconds:H etcd_debugging_mvcc_events_total:C
            etcd_debugging_mvcc_keys_total:G etcd_debugging_mvcc_pending_events_total:G
            etcd_debugging_mvcc_slow_watcher_total:G etcd_debugging_mvcc_total_put_size_in_bytes:G
            etcd_debugging_mvcc_watch_stream_total:G etcd_debugging_mvcc_watcher_total:G etcd_debugging_server_alarms:G
            etcd_debugging_server_lease_expired_total:C etcd_debugging_snap_save_total_duration_seconds:H
            etcd_disk_backend_commit_duration_seconds:H etcd_disk_backend_defrag_duration_seconds:H
            etcd_disk_backend_snapshot_duration_seconds:H etcd_disk_defrag_inflight:G
            etcd_disk_wal_fsync_duration_seconds:H etcd_disk_wal_write_bytes_total:G
            etcd_disk_wal_write_duration_seconds:H etcd_mvcc_db_open_read_transactions:G
            etcd_mvcc_db_total_size_in_bytes:G etcd_mvcc_db_total_size_in_use_in_bytes:G etcd_mvcc_delete_total:C
            etcd_mvcc_hash_duration_seconds:H etcd_mvcc_hash_rev_duration_seconds:H etcd_mvcc_put_total:C
            etcd_mvcc_range_total:C etcd_mvcc_txn_total:C etcd_network_client_grpc_received_bytes_total:C
            etcd_network_client_grpc_sent_bytes_total:C etcd_server_apply_duration_seconds:H
            etcd_server_client_requests_total:C etcd_server_feature_enabled:G etcd_server_has_leader:G
            etcd_server_health_failures:C etcd_server_health_success:C etcd_server_healthcheck:G
            etcd_server_healthchecks_total:C etcd_server_heartbeat_send_failures_total:C etcd_server_id:G
            etcd_server_is_leader:G etcd_server_is_learner:G etcd_server_leader_changes_seen_total:C
            etcd_server_proposals_applied_total:G etcd_server_proposals_committed_total:G
            etcd_server_proposals_failed_total:C etcd_server_proposals_pending:G etcd_server_quota_backend_bytes:G
            etcd_server_range_duration_seconds:H etcd_server_read_indexes_failed_total:C
            etcd_server_request_duration_seconds:H etcd_server_slow_apply_total:C
            etcd_server_slow_read_indexes_total:C etcd_server_snapshot_apply_in_progress_total:G etcd_server_version:G
            etcd_snap_fsync_duration_seconds:H os_fd_limit:G os_fd_used:G etcd_debugging_auth_revision:G
            etcd_debugging_server_watch_send_loop_control_stream_duration_seconds:H
            etcd_debugging_server_watch_send_loop_progress_duration_seconds:H
            etcd_debugging_server_watch_send_loop_watch_stream_duration_per_event_seconds:H
            etcd_debugging_server_watch_send_loop_watch_stream_duration_seconds:H etcd_network_known_peers:G
            etcd_server_go_version:G etcd_server_learner_promote_failures:C etcd_server_learner_promote_successes:C
            etcd_snap_db_fsync_duration_seconds:H etcd_snap_db_save_total_duration_seconds:H
            grpc_server_handled_total:C grpc_server_msg_received_total:C grpc_server_msg_sent_total:C
            grpc_server_started_total:C
            """;

    /** Come with the other members, or with {@code --metrics extensive}. */
    private static final String LATER = """
            etcd_network_active_peers:G etcd_network_disconnected_peers_total:C grpc_server_handling_seconds:H
            etcd_network_peer_received_bytes_total:C
            etcd_network_peer_received_failures_total:C etcd_network_peer_round_trip_time_seconds:H
            etcd_network_peer_sent_bytes_total:C etcd_network_peer_sent_failures_total:C
            etcd_network_snapshot_receive_failures:C etcd_network_snapshot_receive_inflights_total:G
            etcd_network_snapshot_receive_success:C etcd_network_snapshot_receive_total_duration_seconds:H
            etcd_network_snapshot_send_failures:C etcd_network_snapshot_send_inflights_total:G
            etcd_network_snapshot_send_success:C etcd_network_snapshot_send_total_duration_seconds:H
            """;

    /** Measure parts of etcd that do not exist here: its database, its proxy, the store of its second version, Go. */
    private static final String WITHOUT_MEANING = """
            etcd_debugging_disk_backend_commit_rebalance_duration_seconds:H
            etcd_debugging_disk_backend_commit_spill_duration_seconds:H
            etcd_debugging_disk_backend_commit_write_duration_seconds:H
            etcd_debugging_mvcc_index_compaction_pause_duration_milliseconds:H
            etcd_debugging_snap_save_marshalling_duration_seconds:H etcd_debugging_store_expires_total:C
            etcd_debugging_store_reads_failed_total:C etcd_debugging_store_reads_total:C
            etcd_debugging_store_watch_requests_total:C etcd_debugging_store_watchers:G
            etcd_debugging_store_writes_failed_total:C etcd_debugging_store_writes_total:C
            etcd_grpc_proxy_cache_hits_total:G etcd_grpc_proxy_cache_keys_total:G
            etcd_grpc_proxy_cache_misses_total:G etcd_grpc_proxy_events_coalescing_total:C
            etcd_grpc_proxy_watchers_coalescing_total:G etcd_network_server_stream_failures_total:C
            """;

    private EtcdMetricNames() {}

    /** What is published now, with the type as Prometheus writes it. */
    public static Map<String, String> published() {
        return parse(PUBLISHED);
    }

    /** What is not published, with or without a plan. */
    public static Map<String, String> absent() {
        return parse(LATER + WITHOUT_MEANING);
    }

    private static Map<String, String> parse(String list) {
        return Arrays.stream(list.strip().split("\\s+"))
                .map(entry -> entry.split(":"))
                .collect(Collectors.toMap(
                        entry -> entry[0], entry -> type(entry[1]), (one, other) -> one, TreeMap::new));
    }

    private static String type(String letter) {
        return switch (letter) {
            case "C" -> "counter";
            case "G" -> "gauge";
            case "H" -> "histogram";
            default -> throw new IllegalArgumentException(letter);
        };
    }
}
