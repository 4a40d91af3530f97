package io.quorate.raft;

/** Every input of the core; the ordinals are the numbers on the wire between members. */
public enum MessageType {
    HUP("MsgHup"),
    BEAT("MsgBeat"),
    PROP("MsgProp"),
    APP("MsgApp"),
    APP_RESP("MsgAppResp"),
    VOTE("MsgVote"),
    VOTE_RESP("MsgVoteResp"),
    SNAP("MsgSnap"),
    HEARTBEAT("MsgHeartbeat"),
    HEARTBEAT_RESP("MsgHeartbeatResp"),
    UNREACHABLE("MsgUnreachable"),
    SNAP_STATUS("MsgSnapStatus"),
    CHECK_QUORUM("MsgCheckQuorum"),
    TRANSFER_LEADER("MsgTransferLeader"),
    TIMEOUT_NOW("MsgTimeoutNow"),
    READ_INDEX("MsgReadIndex"),
    READ_INDEX_RESP("MsgReadIndexResp"),
    PRE_VOTE("MsgPreVote"),
    PRE_VOTE_RESP("MsgPreVoteResp"),
    STORAGE_APPEND("MsgStorageAppend"),
    STORAGE_APPEND_RESP("MsgStorageAppendResp"),
    STORAGE_APPLY("MsgStorageApply"),
    STORAGE_APPLY_RESP("MsgStorageApplyResp"),
    FORGET_LEADER("MsgForgetLeader");

    private final String label;

    MessageType(String label) {
        this.label = label;
    }

    /** The name in diagnostic lines. */
    public String label() {
        return label;
    }

    /** Whether only the member itself, or one of its storage threads, may create it. */
    public boolean isLocal() {
        return switch (this) {
            case HUP,
                    BEAT,
                    UNREACHABLE,
                    SNAP_STATUS,
                    CHECK_QUORUM,
                    STORAGE_APPEND,
                    STORAGE_APPEND_RESP,
                    STORAGE_APPLY,
                    STORAGE_APPLY_RESP -> true;
            default -> false;
        };
    }

    /** Whether it answers something, and so has a meaning only from a member. */
    public boolean isResponse() {
        return switch (this) {
            case APP_RESP,
                    VOTE_RESP,
                    HEARTBEAT_RESP,
                    UNREACHABLE,
                    READ_INDEX_RESP,
                    PRE_VOTE_RESP,
                    STORAGE_APPEND_RESP,
                    STORAGE_APPLY_RESP -> true;
            default -> false;
        };
    }
}
