package io.quorate.raft;

/** Every input of the core; the ordinals are the numbers on the wire between members. */
public enum MessageType {
    HUP,
    BEAT,
    PROP,
    APP,
    APP_RESP,
    VOTE,
    VOTE_RESP,
    SNAP,
    HEARTBEAT,
    HEARTBEAT_RESP,
    UNREACHABLE,
    SNAP_STATUS,
    CHECK_QUORUM,
    TRANSFER_LEADER,
    TIMEOUT_NOW,
    READ_INDEX,
    READ_INDEX_RESP,
    PRE_VOTE,
    PRE_VOTE_RESP,
    STORAGE_APPEND,
    STORAGE_APPEND_RESP,
    STORAGE_APPLY,
    STORAGE_APPLY_RESP,
    FORGET_LEADER
}
