package io.quorate.lease;

import static io.quorate.lease.LeaseFixture.ELECTION;
import static io.quorate.lease.LeaseFixture.TERM;
import static io.quorate.lease.LeaseFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Bytes;
import io.quorate.base.Fault;
import io.quorate.lease.LeaseException.LeaseExistsException;
import io.quorate.lease.LeaseException.LeaseNotFoundException;
import io.quorate.lease.LeaseException.LeaseTtlTooLargeException;
import io.quorate.lease.LeaseException.NotPrimaryException;
import io.quorate.lease.LeaseRecord.LeaseCheckpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseManagerTests {

    private final LeaseFixture fixture = new LeaseFixture();
    private final LeaseManager leases = fixture.leases;

    /** As whoever leads tells them. */
    private List<Bytes> keysOf(long id) {
        leases.promote(1, Duration.ZERO);
        return leases.timeToLive(id, true).keys();
    }

    @Test
    void settingsWhenTheElectionTimeoutIsOneSecondRaiseTheTimeToLiveToTwo() {
        assertThat(LeaseSettings.forElectionTimeout(Duration.ofSeconds(1)).ttlMinSeconds())
                .isEqualTo(2);
        assertThat(LeaseSettings.forElectionTimeout(Duration.ofSeconds(2)).ttlMinSeconds())
                .isEqualTo(3);
        assertThat(LeaseSettings.forElectionTimeout(Duration.ofMillis(100)).ttlMinSeconds())
                .isEqualTo(1);
    }

    @Test
    void grantWhenTheTimeIsBelowTheMinimumRaisesIt() {
        assertThat(leases.grant(1, 1).ttl()).isEqualTo(2);
        assertThat(leases.grant(2, 0).ttl()).isEqualTo(2);
        assertThat(leases.grant(3, -7).ttl()).isEqualTo(2);
        assertThat(leases.grant(4, 3).ttl()).isEqualTo(3);
        assertThat(fixture.repository.findById(1L)).contains(new LeaseRecord(1, 2, 0));
    }

    @Test
    void grantWhenTheTimeIsTooLargeIsRefused() {
        assertThat(leases.grant(1, 9_000_000_000L).ttl()).isEqualTo(9_000_000_000L);
        assertThatThrownBy(() -> leases.grant(2, 9_000_000_001L)).isInstanceOf(LeaseTtlTooLargeException.class);
        assertThat(leases.leases().size()).isEqualTo(1);
    }

    @Test
    void grantWhenTheIdIsInUseIsRefused() {
        leases.grant(-4, 10);
        assertThatThrownBy(() -> leases.grant(-4, 10))
                .isInstanceOf(LeaseExistsException.class)
                .satisfies(problem -> assertThat(problem.getStackTrace()).isEmpty());
    }

    @Test
    void grantWhenTheIdIsZeroIsRefused() {
        assertThatThrownBy(() -> leases.grant(0, 10)).isInstanceOf(LeaseNotFoundException.class);
    }

    @Test
    void revokeWhenKeysAreAttachedReturnsThemSorted() {
        leases.grant(1, 10);
        for (String key : List.of("b", "a", "c", "ab", "\u00ff", "b")) {
            leases.attach(1, key(key));
        }
        leases.detach(1, key("c"));

        assertThat(leases.revoke(1)).containsExactly(key("a"), key("ab"), key("b"), key("\u00ff"));

        assertThat(fixture.repository.findAll()).isEmpty();
        assertThat(leases.lookup(1)).isNull();
        // The keys are deleted after the lease is gone.
        leases.detach(1, key("a"));
        assertThatThrownBy(() -> leases.revoke(1)).isInstanceOf(LeaseNotFoundException.class);
    }

    @Test
    void attachWhenTheLeaseIsUnknownIsFatal() {
        assertThatThrownBy(() -> leases.attach(9, key("a"))).isInstanceOf(Fault.class);
    }

    @Test
    void timeToLiveTellsTheKeysOfALeaseThatExists() {
        leases.grant(1, 10);
        leases.attach(1, key("a"));
        assertThat(keysOf(1)).containsExactly(key("a"));
        assertThatThrownBy(() -> keysOf(2)).isInstanceOf(LeaseNotFoundException.class);
    }

    @Test
    void leasesWhenPrimaryAreSortedByExpiry() {
        leases.grant(3, 30);
        leases.grant(1, 10);
        leases.grant(2, 20);
        assertThat(leases.leases()).containsExactlyInAnyOrder(1L, 2L, 3L);
        leases.promote(TERM, ELECTION);
        assertThat(leases.leases()).containsExactly(1L, 2L, 3L);
        fixture.nanos += 15_000_000_000L;
        assertThat(leases.renew(2).toCompletableFuture()).isCompletedWithValue(20L);
        assertThat(leases.leases()).containsExactly(1L, 3L, 2L);
    }

    @Test
    void timeToLiveWhenTimePassesIsCutTowardZero() {
        leases.grant(1, 10);
        leases.attach(1, key("a"));
        assertThatThrownBy(() -> leases.timeToLive(1, true)).isInstanceOf(NotPrimaryException.class);
        leases.promote(TERM, Duration.ZERO);
        fixture.nanos += 1;
        assertThat(leases.timeToLive(1, true)).isEqualTo(new LeaseStatus(1, 9, 10, List.of(key("a"))));
        assertThat(leases.timeToLive(1, false).keys()).isEmpty();
        fixture.nanos += 10_500_000_000L;
        assertThat(fixture.remaining(1)).isZero();
        fixture.nanos += 500_000_000L;
        assertThat(fixture.remaining(1)).isEqualTo(-1);
        assertThatThrownBy(() -> leases.timeToLive(2, true)).isInstanceOf(LeaseNotFoundException.class);
    }

    @Test
    void promoteWhenLeasesExistGivesThemTheFullTimeAndTheExtension() {
        leases.grant(1, 10);
        fixture.pass(Duration.ofSeconds(100));
        leases.promote(TERM, ELECTION);
        assertThat(fixture.remaining(1)).isEqualTo(11);
        fixture.pass(Duration.ofSeconds(5));
        leases.demote();
        leases.promote(TERM, ELECTION);
        assertThat(fixture.remaining(1)).isEqualTo(11);
    }

    @Test
    void promoteWhenThereAreManyLeasesSpreadsTheExpiries() {
        for (int i = 1; i <= 3000; i++) {
            leases.grant(i, 10);
        }
        leases.grant(5000, 11);
        leases.promote(TERM, ELECTION);
        // 1000 can be revoked in a second; three quarters of that may expire.
        long[] bySecond = new long[20];
        for (long id : leases.leases()) {
            bySecond[(int) fixture.remaining(id)]++;
        }
        assertThat(bySecond[11]).isEqualTo(750);
        assertThat(bySecond[12]).isEqualTo(750);
        assertThat(bySecond[13]).isEqualTo(750);
        assertThat(bySecond[14]).isEqualTo(750);
        assertThat(bySecond[15]).isEqualTo(1);
    }

    @Test
    void promoteWhenThereAreFewLeasesSpreadsNothing() {
        for (int i = 1; i <= 999; i++) {
            leases.grant(i, 10);
        }
        leases.promote(TERM, ELECTION);
        for (int i = 1; i <= 999; i++) {
            assertThat(fixture.remaining(i)).isEqualTo(11);
        }
    }

    @Test
    void restoreWhenTheProcessRestartsKnowsTheLeasesWithoutKeys() {
        leases.grant(1, 10);
        leases.grant(2, 20);
        leases.checkpoint(List.of(new LeaseCheckpoint(2, 15), new LeaseCheckpoint(77, 3)));
        LeaseManager restarted = fixture.restart();
        assertThat(restarted.isPrimary()).isFalse();
        restarted.attach(1, key("a"));
        assertThat(restarted.lookup(1)).isEqualTo(new LeaseRecord(1, 10, 0));
        restarted.promote(TERM, ELECTION);
        assertThat(restarted.timeToLive(1, false).remainingTtl()).isEqualTo(11);
        assertThat(restarted.timeToLive(2, false).remainingTtl()).isEqualTo(16);
    }

    @Test
    void restoreWhenASnapshotIsInstalledForgetsWhatWasThere() {
        leases.grant(1, 10);
        leases.attach(1, key("a"));
        fixture.repository.deleteAll();
        fixture.repository.save(new LeaseRecord(2, 20, 0));
        leases.restore();
        assertThat(leases.leases()).containsExactly(2L);
        assertThat(keysOf(2)).isEmpty();
    }

    @Test
    void restoreWhenPrimaryIsPrimaryNoMore() {
        leases.promote(TERM, ELECTION);
        assertThat(leases.isPrimary()).isTrue();
        leases.restore();
        assertThat(leases.isPrimary()).isFalse();
    }

    @Test
    void grantAndRevokeAreCounted() {
        leases.grant(1, 10);
        leases.grant(2, 10);
        leases.revoke(1);
        assertThat(leases.counts().granted()).isEqualTo(2);
        assertThat(leases.counts().revoked()).isEqualTo(1);
    }

    @Test
    void grantWhenThereAreAHundredThousandLeasesStaysQuick() {
        leases.promote(TERM, ELECTION);
        for (int i = 1; i <= 100_000; i++) {
            leases.grant(i, 60 + i % 600);
        }
        for (int round = 0; round < 5; round++) {
            for (int i = 1; i <= 100_000; i++) {
                assertThat(leases.renew(i).toCompletableFuture().isDone()).isTrue();
            }
            fixture.pass(Duration.ofSeconds(50));
        }
        assertThat(fixture.takeRevocations()).isEmpty();
        leases.demote();
        leases.promote(TERM, ELECTION);
        List<Long> order = leases.leases();
        assertThat(order).hasSize(100_000);
        List<Long> revoked = new ArrayList<>();
        for (int i = 0; i < 60 && revoked.isEmpty(); i++) {
            fixture.pass(Duration.ofSeconds(2));
            revoked.addAll(fixture.takeRevocations());
        }
        assertThat(revoked).isNotEmpty();
        assertThat(order.subList(0, 3000)).containsAll(revoked.subList(0, Math.min(400, revoked.size())));
    }
}
