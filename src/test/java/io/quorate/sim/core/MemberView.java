package io.quorate.sim.core;

import io.quorate.raft.Status;

/** What invariants may look at. */
public interface MemberView {

    /** The member. */
    long id();

    /** The core's state. */
    Status status();

    /** The term of an entry of the core's log, {@link io.quorate.raft.log.RaftLog#UNKNOWN_TERM} outside of it. */
    long term(long index);

    /** What would be left if the member crashed now and nothing unsynced survived. */
    LogImage durable();

    /** A digest of the state machine and of all that led to it. */
    long digest();
}
