package io.quorate.ops;

/**
 * The names under which metrics are published: etcd's own where etcd has the metric, so that existing dashboards and
 * alerts work unchanged, and {@code quorate_} for the rest. Name and type (see {@link MemberMetrics}) are both kept,
 * odd ones included: several gauges of etcd end in {@code _total} and some counters do not.
 */
public final class MetricNames {

    public static final String IS_LEARNER = "etcd_server_is_learner";
    public static final String HEALTH_SUCCESS = "etcd_server_health_success";
    public static final String HEALTH_FAILURES = "etcd_server_health_failures";
    public static final String HEALTH_CHECK = "etcd_server_healthcheck";
    public static final String HEALTH_CHECKS = "etcd_server_healthchecks_total";
    public static final String CLIENT_REQUESTS = "etcd_server_client_requests_total";
    public static final String REQUEST_DURATION = "etcd_server_request_duration_seconds";
    public static final String FEATURE_ENABLED = "etcd_server_feature_enabled";
    public static final String ALARMS = "etcd_debugging_server_alarms";
    public static final String SERVER_ID = "etcd_server_id";
    public static final String SERVER_VERSION = "etcd_server_version";
    public static final String CLUSTER_VERSION = "etcd_cluster_version";
    public static final String APPLY_DURATION = "etcd_server_apply_duration_seconds";
    public static final String RANGE_DURATION = "etcd_server_range_duration_seconds";

    public static final String ACTIVE_PEERS = "etcd_network_active_peers";
    public static final String KNOWN_PEERS = "etcd_network_known_peers";
    public static final String DISCONNECTED_PEERS = "etcd_network_disconnected_peers_total";
    public static final String PEER_SENT_BYTES = "etcd_network_peer_sent_bytes_total";
    public static final String PEER_RECEIVED_BYTES = "etcd_network_peer_received_bytes_total";
    public static final String PEER_SENT_FAILURES = "etcd_network_peer_sent_failures_total";
    public static final String PEER_RECEIVED_FAILURES = "etcd_network_peer_received_failures_total";
    public static final String PEER_ROUND_TRIP = "etcd_network_peer_round_trip_time_seconds";
    public static final String SNAPSHOTS_BEING_SENT = "etcd_network_snapshot_send_inflights_total";
    public static final String SNAPSHOTS_BEING_RECEIVED = "etcd_network_snapshot_receive_inflights_total";

    public static final String QUOTA_BYTES = "etcd_server_quota_backend_bytes";
    public static final String STORE_BYTES = "etcd_mvcc_db_total_size_in_bytes";
    public static final String STORE_BYTES_IN_USE = "etcd_mvcc_db_total_size_in_use_in_bytes";
    public static final String COMPACTION_PAUSE = "etcd_debugging_mvcc_db_compaction_pause_duration_milliseconds";
    public static final String COMPACTION_TOTAL = "etcd_debugging_mvcc_db_compaction_total_duration_milliseconds";

    public static final String HASH = "etcd_mvcc_hash_duration_seconds";
    public static final String HASH_KV = "etcd_mvcc_hash_rev_duration_seconds";

    public static final String WATCH_CONTROL_SENT =
            "etcd_debugging_server_watch_send_loop_control_stream_duration_seconds";
    public static final String WATCH_PROGRESS_SENT = "etcd_debugging_server_watch_send_loop_progress_duration_seconds";
    public static final String WATCH_EVENTS_SENT =
            "etcd_debugging_server_watch_send_loop_watch_stream_duration_seconds";
    public static final String WATCH_EVENT_SENT =
            "etcd_debugging_server_watch_send_loop_watch_stream_duration_per_event_seconds";
    public static final String AUTH_REVISION = "etcd_debugging_auth_revision";
    public static final String PLATFORM_VERSION = "etcd_server_go_version";

    public static final String LEASE_TTL = "etcd_debugging_lease_ttl_total";

    public static final String WAL_FSYNC = "etcd_disk_wal_fsync_duration_seconds";
    public static final String WAL_WRITE = "etcd_disk_wal_write_duration_seconds";
    public static final String BACKEND_COMMIT = "etcd_disk_backend_commit_duration_seconds";
    public static final String DEFRAGMENTATION = "etcd_disk_backend_defrag_duration_seconds";
    public static final String BACKEND_SNAPSHOT = "etcd_disk_backend_snapshot_duration_seconds";
    public static final String SNAPSHOT_FSYNC = "etcd_snap_fsync_duration_seconds";
    public static final String RECEIVED_STATE_FSYNC = "etcd_snap_db_fsync_duration_seconds";
    public static final String RECEIVED_STATE_SAVE = "etcd_snap_db_save_total_duration_seconds";
    public static final String SNAPSHOT_SENT = "etcd_network_snapshot_send_success";
    public static final String SNAPSHOT_SEND_FAILED = "etcd_network_snapshot_send_failures";
    public static final String SNAPSHOT_SEND_DURATION = "etcd_network_snapshot_send_total_duration_seconds";
    public static final String SNAPSHOT_RECEIVED = "etcd_network_snapshot_receive_success";
    public static final String SNAPSHOT_RECEIVE_FAILED = "etcd_network_snapshot_receive_failures";
    public static final String SNAPSHOT_RECEIVE_DURATION = "etcd_network_snapshot_receive_total_duration_seconds";
    public static final String SNAPSHOT_SAVE = "etcd_debugging_snap_save_total_duration_seconds";

    public static final String CLIENT_RECEIVED_BYTES = "etcd_network_client_grpc_received_bytes_total";
    public static final String CLIENT_SENT_BYTES = "etcd_network_client_grpc_sent_bytes_total";
    public static final String GRPC_HANDLING = "grpc_server_handling_seconds";
    public static final String GRPC_STARTED = "grpc_server_started_total";
    public static final String GRPC_HANDLED = "grpc_server_handled_total";
    public static final String GRPC_RECEIVED = "grpc_server_msg_received_total";
    public static final String GRPC_SENT = "grpc_server_msg_sent_total";

    public static final String OS_FD_USED = "os_fd_used";
    public static final String OS_FD_LIMIT = "os_fd_limit";
    public static final String OPEN_FDS = "process_open_fds";
    public static final String MAX_FDS = "process_max_fds";
    public static final String RESIDENT_BYTES = "process_resident_memory_bytes";
    public static final String VIRTUAL_BYTES = "process_virtual_memory_bytes";
    public static final String CPU_SECONDS = "process_cpu_seconds_total";

    public static final String SLOW_CALLS = "quorate_slow_calls_total";
    public static final String CLIENT_CONNECTIONS = "quorate_client_connections";
    public static final String CLIENT_CONNECTIONS_LIMIT = "quorate_client_connections_limit";
    public static final String CLIENT_CONNECTIONS_REFUSED = "quorate_client_connections_refused_total";
    public static final String CLIENT_MEMORY_HELD = "quorate_client_memory_held_bytes";
    public static final String CLIENT_MEMORY_LIMIT = "quorate_client_memory_limit_bytes";
    public static final String CLIENT_MEMORY_WAITING = "quorate_client_memory_waiting";
    public static final String CLIENT_MEMORY_WAITS = "quorate_client_memory_waits_total";
    public static final String CLIENT_MEMORY_REFUSALS = "quorate_client_memory_refusals_total";
    public static final String TLS_FAILURES = "quorate_tls_handshake_failures_total";
    public static final String APPLY_GAP = "quorate_apply_gap_entries";

    private MetricNames() {}
}
