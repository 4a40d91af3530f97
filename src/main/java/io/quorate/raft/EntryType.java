package io.quorate.raft;

/** What a log entry carries; the ordinals are the numbers on the wire and in the WAL. */
public enum EntryType {
    /** Data for the state machine; empty data marks the start of a leader's term. */
    NORMAL,
    /** One membership change. */
    CONF_CHANGE,
    /** Any number of membership changes, with joint consensus where needed. */
    CONF_CHANGE_V2
}
