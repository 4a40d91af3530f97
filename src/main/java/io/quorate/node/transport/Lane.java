package io.quorate.node.transport;

import io.quorate.base.Numbered;
import io.quorate.raft.Message;

/** What a connection is for, with the numbers on the wire. */
enum Lane implements Numbered {
    /** Heartbeats, votes, reads: small, and late ones cost an election. */
    CONTROL(0),
    /** Appends, their acknowledgements, forwarded proposals. */
    LOG(1),
    /** Questions to a member that are not part of consensus, each with an answer. */
    CALL(2),
    /** One snapshot with the files of the state. */
    SNAPSHOT(3),
    /** The list of members, asked by one that does not know its own id yet. */
    MEMBERS(4);

    private final int number;

    Lane(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }

    static Lane of(Message message) {
        return switch (message.type()) {
            case APP, APP_RESP, PROP -> LOG;
            default -> CONTROL;
        };
    }
}
