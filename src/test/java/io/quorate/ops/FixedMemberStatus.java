package io.quorate.ops;

import io.quorate.raft.ConfState;
import io.quorate.raft.Role;
import java.util.List;

/** A member whose every number is different, so that a mix-up of two shows. */
record FixedMemberStatus(Consensus consensus, boolean threadsAlive) implements MemberStatus {

    FixedMemberStatus(Consensus consensus) {
        this(consensus, true);
    }

    /** A term that stands for a member that was founded anew. */
    static final long FOUNDED_ANEW = 99;

    static FixedMemberStatus leader() {
        return new FixedMemberStatus(consensusBuilder().build());
    }

    static Consensus.ConsensusBuilder consensusBuilder() {
        return Consensus.builder()
                .leaderId(0xabcL)
                .role(Role.LEADER)
                .term(2)
                .committedIndex(13)
                .appliedIndex(11)
                .appliedTerm(1)
                .diskSnapshotIndex(5)
                .memorySnapshotIndex(6)
                .confState(ConfState.ofVoters(List.of(0xabcL)))
                .proposalsPending(7)
                .schedulerQueueDepth(16)
                .inboxDepth(17)
                .lastFsyncNanos(1_500_000);
    }

    @Override
    public boolean isFoundedAnew() {
        return consensus.term() == FOUNDED_ANEW;
    }

    @Override
    public Identity identity() {
        return new Identity("default", 0xabcL, 0xdefL, "3.7.1", "3.7.0");
    }

    @Override
    public Store store() {
        return Store.builder()
                .currentRevision(21)
                .compactedRevision(20)
                .sizeBytes(23)
                .sizeInUseBytes(24)
                .quotaBytes(25)
                .build();
    }
}
