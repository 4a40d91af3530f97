package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.fixture.ManualClock;
import io.quorate.fixture.MapRepository;
import io.quorate.lease.LeaseDuties;
import io.quorate.lease.LeaseManager;
import io.quorate.lease.LeaseRecord;
import io.quorate.lease.LeaseRecord.LeaseCheckpoint;
import io.quorate.lease.LeaseRepository;
import io.quorate.lease.LeaseSettings;
import io.quorate.node.SteppedNode;
import io.quorate.proposal.ApplyWaiters;
import io.quorate.proposal.IdGenerator;
import io.quorate.proposal.LinearizableReader;
import io.quorate.raft.MessageType;
import io.quorate.raft.Ready.SoftState;
import io.quorate.raft.Role;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What another leader means for leases and for reads that wait. */
class LeadershipCallbacksTests {

    private static final Duration ELECTION = Duration.ofSeconds(1);

    private final SteppedNode member = new SteppedNode(3).following(2, 2);
    private final ConsensusState consensus = new ConsensusState(0);
    private final LeaseManager leases = new LeaseManager(
            new Leases(), LeaseSettings.forElectionTimeout(ELECTION), new NoDuties(), new ManualClock(), () -> false);
    private final LinearizableReader reader = new LinearizableReader(
            member.node,
            new ApplyWaiters(10),
            new IdGenerator(SteppedNode.ID, 0),
            member.clock,
            Runnable::run,
            Duration.ofSeconds(7),
            3);
    private final LeadershipCallbacks callbacks = new LeadershipCallbacks(consensus, leases, reader, ELECTION);

    private void lead() {
        consensus.update(new SoftState(SteppedNode.ID, Role.LEADER));
        callbacks.newTerm(3);
    }

    private int questions() {
        return member.settle().sent(MessageType.READ_INDEX).size();
    }

    @Test
    void newTermWhenItLeadsStartsTheLeases() {
        lead();
        assertThat(leases.isPrimary()).isTrue();
    }

    @Test
    void newTermWhenAnotherLeadsLeavesTheLeasesAlone() {
        callbacks.newTerm(3);
        assertThat(leases.isPrimary()).isFalse();
    }

    /** A leader answers none before it has committed in its term, and the next try would come half a second later. */
    @Test
    void newTermWhenAReadWaitsAsksAgainAtOnce() {
        var unused = reader.awaitLinearizable();
        assertThat(questions()).isEqualTo(1);
        callbacks.newTerm(3);
        assertThat(questions()).isEqualTo(2);
    }

    @Test
    void updateLeadershipWhenItIsLostStopsTheLeases() {
        lead();
        callbacks.updateLeadership(2, false, true);
        assertThat(leases.isPrimary()).isFalse();
    }

    @Test
    void updateLeadershipWhenItLeadsStillLeavesTheLeasesRunning() {
        lead();
        callbacks.updateLeadership(SteppedNode.ID, true, false);
        assertThat(leases.isPrimary()).isTrue();
    }

    @Test
    void updateLeadershipWhenAnotherLeadsEndsTheReadsThatWait() {
        CompletableFuture<Void> read = reader.awaitLinearizable();
        callbacks.updateLeadership(2, false, false);
        assertThat(read).as("the same leader").isNotDone();
        callbacks.updateLeadership(3, false, true);
        assertThat(read).isCompletedExceptionally();
        assertThat(read.exceptionNow())
                .isInstanceOfSatisfying(
                        RequestException.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(RequestError.LEADER_CHANGED));
    }

    private static final class Leases extends MapRepository<LeaseRecord, Long> implements LeaseRepository {

        Leases() {
            super(LeaseRecord::id);
        }
    }

    private static final class NoDuties implements LeaseDuties {

        @Override
        public boolean revoke(long term, List<Long> expired) {
            throw new AssertionError("no lease is there");
        }

        @Override
        public void checkpoint(long term, List<LeaseCheckpoint> checkpoints) {
            throw new AssertionError("no lease is there");
        }
    }
}
