package io.quorate.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.lease.LeaseException.LeaseNotFoundException;
import io.quorate.lease.LeaseException.NotPrimaryException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class LeaseExpiryTests {

    private final LeaseFixture fixture = LeaseFixture.primary();
    private final LeaseManager leases = fixture.leases;

    @Test
    void doWorkWhenALeaseExpiresOffersItOnceAndAgainAfterSevenSeconds() {
        leases.grant(1, 5);
        fixture.pass(Duration.ofMillis(4_999));
        assertThat(fixture.takeRevocations()).isEmpty();
        fixture.pass(Duration.ofMillis(501));
        assertThat(fixture.takeRevocations()).containsExactly(1L);
        fixture.pass(Duration.ofMillis(6_500));
        assertThat(fixture.takeRevocations()).isEmpty();
        fixture.pass(Duration.ofMillis(1_000));
        assertThat(fixture.takeRevocations()).containsExactly(1L);
        leases.revoke(1);
        fixture.pass(Duration.ofSeconds(20));
        assertThat(fixture.takeRevocations()).isEmpty();
    }

    @Test
    void doWorkWhenManyExpireOffersFiveHundredEveryHalfSecond() {
        for (int i = 1; i <= 1200; i++) {
            leases.grant(i, 2);
        }
        fixture.pass(Duration.ofSeconds(4));
        assertThat(fixture.revocations).extracting(List::size).startsWith(500, 500, 200);
    }

    @Test
    void doWorkWhenTheDutyHasNoRoomOffersTheSameAtTheNextLook() {
        leases.grant(1, 2);
        fixture.accepts = false;
        fixture.pass(Duration.ofSeconds(3));
        fixture.accepts = true;
        fixture.pass(Duration.ofMillis(500));
        assertThat(fixture.takeRevocations()).containsExactly(1L);
    }

    @Test
    void hasExpiredWhenALeaseRanOutIsTrueUntilItIsRevoked() {
        leases.grant(1, 5);
        assertThat(leases.hasExpired()).isFalse();
        fixture.pass(Duration.ofSeconds(5));
        assertThat(leases.hasExpired()).isTrue();
        leases.revoke(1);
        assertThat(leases.hasExpired()).isFalse();
    }

    @Test
    void hasExpiredWhenNotPrimaryIsFalse() {
        leases.grant(1, 5);
        fixture.pass(Duration.ofSeconds(5));
        leases.demote();
        assertThat(leases.hasExpired()).isFalse();
    }

    @Test
    void doWorkWhenNotPrimaryOffersNothing() {
        leases.grant(1, 2);
        leases.demote();
        fixture.pass(Duration.ofSeconds(30));
        assertThat(fixture.takeRevocations()).isEmpty();
        assertThat(leases.doWork()).isEqualTo(500_000_000L);
    }

    @Test
    void doWorkWhenCalledTooOftenLooksOnlyEveryHalfSecond() {
        leases.grant(1, 2);
        fixture.nanos += 1_999_000_000L;
        assertThat(leases.doWork()).isEqualTo(500_000_000L);
        fixture.nanos += 2_000_000L;
        assertThat(leases.doWork()).isEqualTo(498_000_000L);
        assertThat(fixture.takeRevocations()).isEmpty();
        fixture.nanos += 498_000_000L;
        leases.doWork();
        assertThat(fixture.takeRevocations()).containsExactly(1L);
    }

    @Test
    void renewWhenTheLeaseLivesGivesItTheFullTimeAgain() {
        leases.grant(1, 10);
        for (int i = 0; i < 10; i++) {
            fixture.pass(Duration.ofSeconds(9));
            assertThat(leases.renew(1).toCompletableFuture()).isCompletedWithValue(10L);
        }
        assertThat(fixture.takeRevocations()).isEmpty();
        assertThat(fixture.remaining(1)).isEqualTo(10);
        assertThat(leases.counts().renewed()).isEqualTo(10);
        fixture.pass(Duration.ofMillis(10_500));
        assertThat(fixture.takeRevocations()).containsExactly(1L);
    }

    @Test
    void renewWhenTheLeaseIsUnknownFails() {
        assertFailsWith(leases.renew(1).toCompletableFuture(), LeaseNotFoundException.class);
    }

    @Test
    void renewWhenNotPrimaryFails() {
        leases.grant(1, 10);
        leases.demote();
        assertFailsWith(leases.renew(1).toCompletableFuture(), NotPrimaryException.class);
        assertFailsWith(leases.renew(2).toCompletableFuture(), NotPrimaryException.class);
    }

    @Test
    void renewWhenTheLeaseHasExpiredWaitsForTheRevocation() {
        leases.grant(1, 2);
        fixture.pass(Duration.ofSeconds(2));
        CompletableFuture<Long> first = leases.renew(1).toCompletableFuture();
        CompletableFuture<Long> second = leases.renew(1).toCompletableFuture();
        assertThat(first).isNotDone();
        assertThat(leases.counts().renewed()).isZero();
        leases.revoke(1);
        assertFailsWith(first, LeaseNotFoundException.class);
        assertFailsWith(second, LeaseNotFoundException.class);
    }

    @Test
    void renewWhenTheLeaseHasExpiredAndTheMemberIsDemotedFails() {
        leases.grant(1, 2);
        fixture.pass(Duration.ofSeconds(3));
        CompletableFuture<Long> waiting = leases.renew(1).toCompletableFuture();
        leases.demote();
        assertFailsWith(waiting, NotPrimaryException.class);
    }

    @Test
    void renewWhenAnsweredRunsTheCallersCodeWithoutTheLock() {
        leases.grant(1, 2);
        leases.grant(2, 20);
        fixture.pass(Duration.ofSeconds(3));
        CompletableFuture<Integer> count = leases.renew(1)
                .handle((ttl, problem) -> CompletableFuture.supplyAsync(
                                () -> leases.leases().size())
                        .join())
                .toCompletableFuture();
        leases.revoke(1);
        assertThat(count).isCompletedWithValue(1);
    }

    private static void assertFailsWith(CompletableFuture<Long> answer, Class<? extends LeaseException> reason) {
        assertThat(answer).isCompletedExceptionally();
        assertThatThrownBy(answer::join).isInstanceOf(CompletionException.class).hasCauseInstanceOf(reason);
    }
}
