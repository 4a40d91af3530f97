package io.quorate.proposal;

import io.quorate.base.Numbered;

/** What followers ask their leader, with the numbers on the wire. */
enum LeaderCall implements Numbered {
    /** Eight bytes of a lease's id; the answer is its time to live in seconds, eight bytes. */
    RENEW(0),
    /** Eight bytes of a lease's id and one whether its keys are asked for; the answer is etcd's message without header. */
    TIME_TO_LIVE(1),
    /** Eight bytes of a learner's id; the answer is empty. */
    PROMOTE(2);

    private final int number;

    LeaderCall(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }
}
