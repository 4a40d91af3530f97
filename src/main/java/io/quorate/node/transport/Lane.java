package io.quorate.node.transport;

import io.quorate.raft.Message;

/** What a connection is for; the ordinals are the numbers on the wire. */
enum Lane {
    /** Heartbeats, votes, reads: small, and late ones cost an election. */
    CONTROL,
    /** Appends, their acknowledgements, forwarded proposals. */
    LOG,
    /** Questions to a member that are not part of consensus, each with an answer. */
    CALL,
    /** One snapshot with the files of the state. */
    SNAPSHOT,
    /** The list of members, asked by one that does not know its own id yet. */
    MEMBERS;

    static Lane of(Message message) {
        return switch (message.type()) {
            case APP, APP_RESP, PROP -> LOG;
            default -> CONTROL;
        };
    }
}
