package io.quorate.raft;

import io.quorate.base.Numbered;

/** Every input of the core, with the numbers on the wire between members. */
public enum MessageType implements Numbered {
    HUP(0, "MsgHup"),
    BEAT(1, "MsgBeat"),
    PROP(2, "MsgProp"),
    APP(3, "MsgApp"),
    APP_RESP(4, "MsgAppResp"),
    VOTE(5, "MsgVote"),
    VOTE_RESP(6, "MsgVoteResp"),
    SNAP(7, "MsgSnap"),
    HEARTBEAT(8, "MsgHeartbeat"),
    HEARTBEAT_RESP(9, "MsgHeartbeatResp"),
    UNREACHABLE(10, "MsgUnreachable"),
    SNAP_STATUS(11, "MsgSnapStatus"),
    CHECK_QUORUM(12, "MsgCheckQuorum"),
    TRANSFER_LEADER(13, "MsgTransferLeader"),
    TIMEOUT_NOW(14, "MsgTimeoutNow"),
    READ_INDEX(15, "MsgReadIndex"),
    READ_INDEX_RESP(16, "MsgReadIndexResp"),
    PRE_VOTE(17, "MsgPreVote"),
    PRE_VOTE_RESP(18, "MsgPreVoteResp"),
    STORAGE_APPEND(19, "MsgStorageAppend"),
    STORAGE_APPEND_RESP(20, "MsgStorageAppendResp"),
    STORAGE_APPLY(21, "MsgStorageApply"),
    STORAGE_APPLY_RESP(22, "MsgStorageApplyResp"),
    FORGET_LEADER(23, "MsgForgetLeader");

    private final int number;
    private final String label;

    MessageType(int number, String label) {
        this.number = number;
        this.label = label;
    }

    @Override
    public int number() {
        return number;
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
