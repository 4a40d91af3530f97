package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.PutRequest;
import io.quorate.raft.Ready.SoftState;
import io.quorate.raft.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What time and leadership together bring about. */
class LeadershipDutiesTests {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @TempDir
    private Path directory;

    /** Due at every question, until it is told that it was done. */
    private static final class Always implements CompactionSchedule {

        private final long revision;
        private long done;

        Always(long revision) {
            this.revision = revision;
        }

        @Override
        public long due(long nowNanos, long current) {
            return done == 0 ? revision : 0;
        }

        @Override
        public void compacted(long nowNanos, long compacted) {
            done = compacted;
        }
    }

    private static AutoCompactor compactor(SteppedMember member, CompactionSchedule schedule) {
        return new AutoCompactor(
                schedule,
                member.consensusState,
                member.proposer,
                new AutoCompactor.Revisions(member.store::currentRevision, member.store::compactedRevision));
    }

    private static void put(SteppedMember member) {
        member.propose(
                InternalRaftRequest.newBuilder().setPut(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k"))));
    }

    @Test
    void compactorWhenDueCompactsOnceThroughTheLog() {
        try (SteppedMember member = new SteppedMember(new SteppedMember.Disk(directory)).started()) {
            put(member);
            put(member);
            Always schedule = new Always(2);
            AutoCompactor compactor = compactor(member, schedule);
            compactor.poll(0);
            member.settle();
            compactor.poll(SECOND);
            assertThat(member.store.compactedRevision()).isEqualTo(2);
            assertThat(schedule.done).isEqualTo(2);
        }
    }

    @Test
    void compactorWhenSomebodyCompactedFurtherIsDone() {
        try (SteppedMember member = new SteppedMember(new SteppedMember.Disk(directory)).started()) {
            put(member);
            put(member);
            compactor(member, new Always(3)).poll(0);
            member.settle();
            Always schedule = new Always(2);
            AutoCompactor second = compactor(member, schedule);
            second.poll(0);
            member.settle();
            second.poll(SECOND);
            assertThat(schedule.done).isEqualTo(2);
        }
    }

    @Test
    void compactorWhenItFailsTriesAgain() {
        try (SteppedMember member = new SteppedMember(new SteppedMember.Disk(directory)).started()) {
            Always schedule = new Always(3);
            AutoCompactor compactor = compactor(member, schedule);
            compactor.poll(0);
            member.settle();
            assertThat(member.store.compactedRevision()).isEqualTo(-1);
            put(member);
            put(member);
            compactor.poll(SECOND);
            member.settle();
            assertThat(member.store.compactedRevision()).isEqualTo(3);
        }
    }

    /** Without this every look, ten in a second, would be an entry of the log. */
    @Test
    void compactorWhenNothingIsDueProposesNothing() {
        try (SteppedMember member = new SteppedMember(new SteppedMember.Disk(directory)).started()) {
            compactor(member, CompactionSchedule.OFF).poll(0);
            assertThat(member.proposals.pending().size()).isZero();
        }
    }

    @Test
    void compactorWhenOneIsUnderWayProposesNoOther() {
        try (SteppedMember member = new SteppedMember(new SteppedMember.Disk(directory)).started()) {
            put(member);
            AutoCompactor compactor = compactor(member, new Always(2));
            compactor.poll(0);
            compactor.poll(SECOND);
            assertThat(member.proposals.pending().size()).isEqualTo(1);
        }
    }

    @Test
    void compactorWhenNothingEndedTellsTheScheduleNothing() {
        try (SteppedMember member = new SteppedMember(new SteppedMember.Disk(directory)).started()) {
            List<Long> told = new ArrayList<>();
            CompactionSchedule schedule = new CompactionSchedule() {

                @Override
                public long due(long nowNanos, long revision) {
                    return 0;
                }

                @Override
                public void compacted(long nowNanos, long revision) {
                    told.add(revision);
                }
            };
            compactor(member, schedule).poll(0);
            assertThat(told).isEmpty();
        }
    }

    @Test
    void compactorWhenSomebodyCompactedJustSoFarIsDone() {
        try (SteppedMember member = new SteppedMember(new SteppedMember.Disk(directory)).started()) {
            put(member);
            compactor(member, new Always(2)).poll(0);
            member.settle();
            Always schedule = new Always(2);
            AutoCompactor second = compactor(member, schedule);
            second.poll(0);
            member.settle();
            second.poll(SECOND);
            assertThat(schedule.done).isEqualTo(2);
        }
    }

    @Test
    void compactorWhenItDoesNotLeadLeavesItToTheLeader() {
        try (SteppedMember member = new SteppedMember(new SteppedMember.Disk(directory)).started()) {
            put(member);
            member.handler.updateLeadership(new SoftState(7, Role.FOLLOWER), 2);
            compactor(member, new Always(2)).poll(0);
            member.settle();
            assertThat(member.store.compactedRevision()).isEqualTo(-1);
        }
    }

    @Test
    void leaderLossWhenNoLeaderIsKnownForThreeElectionTimeoutsTells() {
        ConsensusState consensus = new ConsensusState(0);
        AtomicInteger told = new AtomicInteger();
        NoLeaderMonitor loss = new NoLeaderMonitor(consensus, Duration.ofSeconds(1), told::incrementAndGet, 0);
        loss.poll(3 * SECOND - 1);
        assertThat(told).hasValue(0);
        consensus.update(new SoftState(7, Role.FOLLOWER));
        loss.poll(5 * SECOND);
        consensus.update(new SoftState(0, Role.CANDIDATE));
        loss.poll(8 * SECOND - 1);
        assertThat(told).hasValue(0);
        loss.poll(8 * SECOND);
        assertThat(told).hasValue(1);
    }
}
