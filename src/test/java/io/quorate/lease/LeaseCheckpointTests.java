package io.quorate.lease;

import static io.quorate.lease.LeaseFixture.ELECTION;
import static io.quorate.lease.LeaseFixture.TERM;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.lease.LeaseRecord.LeaseCheckpoint;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LeaseCheckpointTests {

    private final LeaseFixture fixture = new LeaseFixture(LeaseFixture.SETTINGS.withCheckpoints(true));
    private final LeaseManager leases = fixture.leases;

    @Test
    void doWorkWhenCheckpointsAreOffProposesNone() {
        LeaseFixture off = LeaseFixture.primary();
        off.leases.grant(1, 3600);
        off.pass(Duration.ofMinutes(30));
        assertThat(off.takeCheckpoints()).isEmpty();
        assertThat(off.leases.renew(1).toCompletableFuture()).isCompletedWithValue(3600L);
    }

    @Test
    void doWorkWhenMoreThanFiveMinutesAreLeftProposesTheRestEveryFiveMinutes() {
        leases.promote(TERM, ELECTION);
        leases.grant(1, 1000);
        leases.grant(2, 300);
        fixture.pass(Duration.ofMinutes(5).plusMillis(500));
        assertThat(fixture.takeCheckpoints()).containsExactly(new LeaseCheckpoint(1, 700));
        fixture.pass(Duration.ofMinutes(5));
        assertThat(fixture.takeCheckpoints()).containsExactly(new LeaseCheckpoint(1, 400));
        fixture.pass(Duration.ofMinutes(5));
        assertThat(fixture.takeCheckpoints()).containsExactly(new LeaseCheckpoint(1, 100));
        fixture.pass(Duration.ofMinutes(5));
        assertThat(fixture.takeCheckpoints()).isEmpty();
    }

    @Test
    void doWorkWhenManyAreDueProposesAThousandAtATime() {
        leases.promote(TERM, ELECTION);
        for (int i = 1; i <= 2500; i++) {
            leases.grant(i, 1000);
        }
        fixture.pass(Duration.ofMinutes(5).plusMillis(500));
        assertThat(fixture.checkpoints).extracting(List::size).containsExactly(1000, 1000, 500);
    }

    @Test
    void promoteWhenACheckpointWasAppliedStartsFromTheRest() {
        leases.grant(1, 1000);
        leases.checkpoint(List.of(new LeaseCheckpoint(1, 400)));
        assertThat(fixture.repository.findById(1L)).contains(new LeaseRecord(1, 1000, 400));
        leases.promote(TERM, ELECTION);
        assertThat(fixture.remaining(1)).isEqualTo(401);
    }

    @Test
    void renewWhenACheckpointIsInTheLogIsAnsweredOnceItIsReset() {
        leases.grant(1, 1000);
        leases.checkpoint(List.of(new LeaseCheckpoint(1, 400)));
        leases.promote(TERM, ELECTION);
        CompletableFuture<Long> first = leases.renew(1).toCompletableFuture();
        CompletableFuture<Long> second = leases.renew(1).toCompletableFuture();

        assertThat(first).isNotDone();
        assertThat(fixture.takeCheckpoints()).containsExactly(new LeaseCheckpoint(1, 0));
        assertThat(fixture.remaining(1)).isEqualTo(1000);
        leases.checkpoint(List.of(new LeaseCheckpoint(1, 0)));
        assertThat(first).isCompletedWithValue(1000L);
        assertThat(second).isCompletedWithValue(1000L);
        assertThat(fixture.repository.findById(1L)).contains(new LeaseRecord(1, 1000, 0));
        assertThat(leases.renew(1).toCompletableFuture()).isCompletedWithValue(1000L);
    }

    @Test
    void renewWhenACheckpointIsOnItsWayWaitsToo() {
        leases.promote(TERM, ELECTION);
        leases.grant(1, 1000);
        fixture.pass(Duration.ofMinutes(5).plusMillis(500));
        fixture.takeCheckpoints();
        CompletableFuture<Long> waiting = leases.renew(1).toCompletableFuture();
        assertThat(waiting).isNotDone();
        leases.checkpoint(List.of(new LeaseCheckpoint(1, 700)));
        assertThat(waiting).isNotDone();
        leases.checkpoint(List.of(new LeaseCheckpoint(1, 0)));
        assertThat(waiting).isCompletedWithValue(1000L);
    }

    @Test
    void renewWhenTheResetIsLostProposesItAgain() {
        leases.grant(1, 1000);
        leases.checkpoint(List.of(new LeaseCheckpoint(1, 400)));
        leases.promote(TERM, ELECTION);
        CompletableFuture<Long> waiting = leases.renew(1).toCompletableFuture();
        assertThat(fixture.takeCheckpoints()).containsExactly(new LeaseCheckpoint(1, 0));
        fixture.pass(Duration.ofMillis(1500));
        assertThat(fixture.takeCheckpoints()).containsExactly(new LeaseCheckpoint(1, 0));
        assertThat(waiting).isNotDone();
        leases.demote();
        assertThat(waiting).isCompletedExceptionally();
    }

    @Test
    void revokeWhenARenewalWaitsForItsResetFailsIt() {
        leases.grant(1, 1000);
        leases.checkpoint(List.of(new LeaseCheckpoint(1, 400)));
        leases.promote(TERM, ELECTION);
        CompletableFuture<Long> waiting = leases.renew(1).toCompletableFuture();
        leases.revoke(1);
        assertThat(waiting).isCompletedExceptionally();
        fixture.takeCheckpoints();
        fixture.pass(Duration.ofSeconds(10));
        assertThat(fixture.takeCheckpoints()).isEmpty();
    }

    @Test
    void promoteWhenLeasesAreThereAlreadyPlansTheirCheckpoints() {
        leases.grant(1, 1000);
        leases.promote(TERM, ELECTION);
        fixture.pass(Duration.ofMinutes(5).plusMillis(500));
        assertThat(fixture.takeCheckpoints()).containsExactly(new LeaseCheckpoint(1, 701));
    }

    @Test
    void demoteForgetsThePlans() {
        leases.promote(TERM, ELECTION);
        leases.grant(1, 1000);
        fixture.pass(Duration.ofMinutes(4));
        leases.demote();
        leases.promote(TERM, ELECTION);
        fixture.pass(Duration.ofMinutes(4));
        assertThat(fixture.takeCheckpoints()).isEmpty();
        fixture.pass(Duration.ofMinutes(1).plusMillis(500));
        assertThat(fixture.takeCheckpoints()).hasSize(1);
    }

    @Test
    void demoteForgetsTheResets() {
        leases.grant(1, 1000);
        leases.checkpoint(List.of(new LeaseCheckpoint(1, 400)));
        leases.promote(TERM, ELECTION);
        assertThat(leases.renew(1).toCompletableFuture()).isNotDone();
        fixture.takeCheckpoints();
        leases.demote();
        leases.promote(TERM, ELECTION);
        fixture.pass(Duration.ofSeconds(5));
        assertThat(fixture.takeCheckpoints()).isEmpty();
    }

    @Test
    void revokeForgetsThePlan() {
        leases.promote(TERM, ELECTION);
        leases.grant(1, 1000);
        leases.revoke(1);
        fixture.pass(Duration.ofMinutes(6));
        assertThat(fixture.takeCheckpoints()).isEmpty();
    }

    @Test
    void renewWhenTooLittleWasLeftForAPlanPlansAgain() {
        leases.promote(TERM, ELECTION);
        leases.grant(1, 1000);
        fixture.pass(Duration.ofMinutes(15).plusMillis(500));
        fixture.takeCheckpoints();
        var unused = leases.renew(1);
        leases.checkpoint(List.of(new LeaseCheckpoint(1, 0)));
        fixture.takeCheckpoints();
        fixture.pass(Duration.ofMinutes(5).plusMillis(500));
        assertThat(fixture.takeCheckpoints()).containsExactly(new LeaseCheckpoint(1, 700));
    }

    @Test
    void grantWhenLittleTimeIsGivenPlansNoneHoweverLongTheMemberRuns() {
        leases.promote(TERM, ELECTION);
        fixture.pass(Duration.ofMinutes(30));
        leases.grant(1, 299);
        fixture.pass(Duration.ofSeconds(290));
        assertThat(fixture.takeCheckpoints()).isEmpty();
    }
}
