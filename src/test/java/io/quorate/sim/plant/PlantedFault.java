package io.quorate.sim.plant;

import io.quorate.raft.MessageType;
import io.quorate.sim.core.Plant;
import java.util.function.Supplier;

/** The faults by name. */
public enum PlantedFault {
    /** A vote is sent before it is durable; after a crash the member votes again in that term. */
    VOTE_BEFORE_SYNC(() -> new EarlyAnswers(MessageType.VOTE_RESP)),
    /** Entries are acknowledged before they are durable. */
    ACKNOWLEDGED_BEFORE_SYNC(() -> new EarlyAnswers(MessageType.APP_RESP)),
    /** Term and vote are never written. */
    HARD_STATE_NOT_WRITTEN(ForgottenState.Never::new),
    /** The vote does not survive a crash. */
    VOTE_LOST_IN_CRASH(ForgottenState.Vote::new),
    /** An fsync returns before the last entries are on the disk. */
    SYNC_THAT_LIES(ForgottenState.Tail::new),
    /** Entries of earlier terms are committed by counting (thesis, section 3.6.2). */
    COMMIT_OF_STALE_TERM(() -> new Miscount(Miscount.Rule.ANY_TERM)),
    /** Learners count as voters. */
    LEARNER_IN_QUORUM(() -> new Miscount(Miscount.Rule.LEARNERS_TOO)),
    /** In a joint configuration the incoming half decides alone. */
    JOINT_QUORUM_IGNORED(() -> new Miscount(Miscount.Rule.INCOMING_HALF_ONLY)),
    /** Half of the voters pass for a majority. */
    HALF_IS_ENOUGH(() -> new Miscount(Miscount.Rule.HALF)),
    /** A heartbeat tells the whole commit to a member that may not have the entries. */
    HEARTBEAT_COMMITS_TOO_MUCH(() -> new Miscount(Miscount.Rule.WITHOUT_MATCH)),
    /** A leader answers a read without asking whether it still leads. */
    READ_WITHOUT_QUORUM(UnconfirmedReads.Alone::new),
    /** A leader answers a read because a quorum was heard of some time before it. */
    READ_CONFIRMED_BEFORE_REQUEST(UnconfirmedReads.EarlierContact::new),
    /** A leader answers reads by its lease where nothing keeps the promises that a lease needs. */
    READ_BY_LEASE(UnconfirmedReads.ByLease::new),
    /** Votes go to members whose log is behind. */
    VOTE_FOR_SHORTER_LOG(TrustedMessages.AnyCandidate::new),
    /** Appends of a deposed leader are taken. */
    OLD_LEADER_OBEYED(TrustedMessages.OldLeader::new),
    /** A late append cuts off what newer ones brought, below the commit too. */
    LATE_APPEND_TRUNCATES(TrustedMessages.LateAppend::new),
    /** A snapshot is installed over a newer state. */
    OLD_SNAPSHOT_INSTALLED(TrustedMessages.OldSnapshot::new),
    /** A snapshot says who the members were at the beginning, not at its index. */
    SNAPSHOT_WITH_OLD_MEMBERS(BrokenApplication.OldMembers::new),
    /** An entry is applied twice. */
    ENTRY_APPLIED_TWICE(BrokenApplication.Twice::new),
    /** An entry is left out. */
    ENTRY_SKIPPED(BrokenApplication.Skips::new);

    private final Supplier<Plant> factory;

    PlantedFault(Supplier<Plant> factory) {
        this.factory = factory;
    }

    /** The fault for one run. */
    public Plant plant() {
        return factory.get();
    }
}
