package io.quorate.raft;

import io.quorate.base.Numbered;

/** What a log entry carries, with the numbers on the wire and in the WAL. */
public enum EntryType implements Numbered {
    /** Data for the state machine; empty data marks the start of a leader's term. */
    NORMAL(0),
    /** One membership change. */
    CONF_CHANGE(1),
    /** Any number of membership changes, with joint consensus where needed. */
    CONF_CHANGE_V2(2);

    private final int number;

    EntryType(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }
}
