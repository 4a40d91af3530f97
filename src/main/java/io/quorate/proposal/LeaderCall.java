package io.quorate.proposal;

/** What followers ask their leader; the ordinals are the numbers on the wire. */
enum LeaderCall {
    /** Eight bytes of a lease's id; the answer is its time to live in seconds, eight bytes. */
    RENEW,
    /** Eight bytes of a lease's id and one whether its keys are asked for; the answer is etcd's message without header. */
    TIME_TO_LIVE,
    /** Eight bytes of a learner's id; the answer is empty. */
    PROMOTE
}
