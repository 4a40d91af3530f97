package io.quorate.ops;

import io.quorate.raft.ConfState;
import io.quorate.raft.Role;
import java.util.List;

/** A member whose every number is different, so that a mix-up of two shows. */
record FixedMemberStatus(Consensus consensus, boolean threadsAlive) implements MemberStatus {

    FixedMemberStatus(Consensus consensus) {
        this(consensus, true);
    }

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
                .leaderChanges(4)
                .proposalsPending(7)
                .proposalsFailed(8)
                .readIndexesFailed(9)
                .slowReadIndexes(10)
                .slowApplies(14)
                .heartbeatSendFailures(15)
                .schedulerQueueDepth(16)
                .inboxDepth(17)
                .lastFsyncNanos(1_500_000)
                .logBytes(18);
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
                .keys(22)
                .sizeBytes(23)
                .sizeInUseBytes(24)
                .quotaBytes(25)
                .openReads(26)
                .putBytes(33)
                .rewrites(1)
                .ranges(27)
                .puts(28)
                .deletes(29)
                .txns(30)
                .compactedKeys(31)
                .lastCompactionEpochSeconds(32)
                .build();
    }

    @Override
    public Activity activity() {
        return Activity.builder()
                .watchStreams(41)
                .watchers(42)
                .slowWatchers(43)
                .pendingEvents(44)
                .events(45)
                .leasesGranted(46)
                .leasesRenewed(47)
                .leasesRevoked(48)
                .leasesExpired(49)
                .build();
    }

    @Override
    public List<Feature> features() {
        return List.of(new Feature("LeaseCheckpoint", "ALPHA", false));
    }

    @Override
    public List<RaisedAlarm> alarms() {
        return List.of(new RaisedAlarm(0xabcL, "NOSPACE"));
    }
}
