package io.quorate.proposal;

import static io.quorate.fixture.Expected.untouched;
import static io.quorate.proposal.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.base.Bytes;
import io.quorate.base.Delays;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import io.quorate.fixture.ManualClock;
import io.quorate.fixture.MapRepository;
import io.quorate.lease.LeaseDuties;
import io.quorate.lease.LeaseException.LeaseNotFoundException;
import io.quorate.lease.LeaseManager;
import io.quorate.lease.LeaseRecord;
import io.quorate.lease.LeaseRecord.LeaseCheckpoint;
import io.quorate.lease.LeaseRepository;
import io.quorate.lease.LeaseSettings;
import io.quorate.proto.LeaseTimeToLiveResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two members with the same lease 5: the first is asked by clients, the second leads and answers it. */
class LeaseForwarderTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(7);
    private static final long FIRST = 1;
    private static final long SECOND = 2;

    private final ManualClock clock = new ManualClock();
    private final Delays delays = new Delays(clock);
    private final LeaseManager here = leases();
    private final LeaseManager there = leases();
    private final ApplyWaiters appliedThere = new ApplyWaiters(10);
    private final List<Integer> calls = new ArrayList<>();
    private long leader = SECOND;
    private long committed = 10;
    private boolean leads = true;
    private int ensured;
    private int deposedAt = Integer.MAX_VALUE;
    private @Nullable RuntimeException broken;

    private final LeaseForwarder second = new LeaseForwarder(
            there,
            new KnownLeader(SECOND, () -> leader, this::ensured, () -> committed),
            appliedThere,
            (to, method, request, timeout) -> CompletableFuture.failedFuture(new AssertionError("it leads itself")),
            clock,
            delays,
            TIMEOUT);
    private final LeaderCallHandler answers = new LeaderCallHandler(second, untouched());
    private final LeaseForwarder first = new LeaseForwarder(
            here,
            new KnownLeader(FIRST, () -> leader, () -> CompletableFuture.completedFuture(leads), () -> committed),
            new ApplyWaiters(10),
            this::call,
            clock,
            delays,
            TIMEOUT);

    private static final class Repository extends MapRepository<LeaseRecord, Long> implements LeaseRepository {

        Repository() {
            super(LeaseRecord::id);
        }
    }

    private static final class NoDuties implements LeaseDuties {

        @Override
        public boolean revoke(long term, List<Long> expired) {
            return true;
        }

        @Override
        public void checkpoint(long term, List<LeaseCheckpoint> checkpoints) {
            // none are due
        }
    }

    private LeaseManager leases() {
        return new LeaseManager(
                new Repository(),
                LeaseSettings.forElectionTimeout(Duration.ofSeconds(1)),
                new NoDuties(),
                clock,
                () -> false);
    }

    private CompletableFuture<Boolean> ensured() {
        return CompletableFuture.completedFuture(++ensured < deposedAt);
    }

    /** Like the wire: a failure arrives as the text of an exception. */
    private CompletableFuture<byte[]> call(long to, int method, byte[] request, Duration timeout) {
        assertThat(to).isEqualTo(SECOND);
        assertThat(timeout).isPositive().isLessThanOrEqualTo(TIMEOUT);
        calls.add(method);
        if (broken != null) {
            return CompletableFuture.failedFuture(broken);
        }
        return answers.answer(FIRST, method, request).toCompletableFuture();
    }

    @BeforeEach
    void grant() {
        for (LeaseManager leases : List.of(here, there)) {
            leases.grant(5, 60);
            leases.attach(5, Bytes.utf8("k"));
        }
        there.promote(3, Duration.ZERO);
    }

    /** Lets time pass until nothing waits for it any more. */
    private void endOfWaits(CompletableFuture<?> future) {
        for (int steps = 0; steps < 100 && !future.isDone(); steps++) {
            clock.advance(Duration.ofMillis(100));
            delays.poll(clock.nanos());
        }
        assertThat(future).isDone();
    }

    private void assertNotFound(CompletionStage<?> result) {
        CompletableFuture<?> future = result.toCompletableFuture();
        endOfWaits(future);
        assertThat(future).isCompletedExceptionally();
        assertThat(Stages.causeOf(future.exceptionNow())).isInstanceOf(LeaseNotFoundException.class);
    }

    private static byte[] id(long id) {
        return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    }

    @Test
    void renewWhenAnotherLeadsRenewsThere() {
        clock.advance(Duration.ofSeconds(50));
        assertThat(first.renew(5).toCompletableFuture()).isCompletedWithValue(60L);
        assertThat(there.timeToLive(5, false).remainingTtl()).isEqualTo(60);
        assertThat(calls).containsExactly(0);
    }

    @Test
    void renewWhenItLeadsRenewsHere() {
        clock.advance(Duration.ofSeconds(50));
        assertThat(second.renew(5).toCompletableFuture()).isCompletedWithValue(60L);
        assertThat(there.timeToLive(5, false).remainingTtl()).isEqualTo(60);
    }

    @Test
    void timeToLiveTellsWhatTheLeaderKnows() {
        clock.advance(Duration.ofSeconds(20));
        LeaseTimeToLiveResponse response =
                first.timeToLive(5, true).toCompletableFuture().join();
        assertThat(response.getID()).isEqualTo(5);
        assertThat(response.getTTL()).isEqualTo(40);
        assertThat(response.getGrantedTTL()).isEqualTo(60);
        assertThat(response.getKeysList()).containsExactly(ByteString.copyFromUtf8("k"));
        assertThat(first.timeToLive(5, false).toCompletableFuture().join().getKeysList())
                .isEmpty();
        assertThat(calls).containsExactly(1, 1);
    }

    @Test
    void renewWhenThereIsNoSuchLeaseSaysSo() {
        assertNotFound(first.renew(6));
        assertNotFound(second.renew(6));
        assertNotFound(first.timeToLive(6, false));
    }

    /** It was granted by another member a moment ago, and is not applied here yet. */
    @Test
    void renewWhenTheLeaseIsNotAppliedYetWaitsForIt() {
        committed = 11;
        CompletableFuture<Long> renewed = second.renew(6).toCompletableFuture();
        assertThat(renewed).isNotDone();
        there.grant(6, 30);
        appliedThere.applied(11);
        assertThat(renewed).isCompletedWithValue(30L);
    }

    @Test
    void renewWhenTheLeaderDoesNotApplyInTimeSaysSo() {
        committed = 11;
        CompletableFuture<Long> renewed = second.renew(6).toCompletableFuture();
        endOfWaits(renewed);
        assertRefused(renewed, RequestError.TIMEOUT_WAITING_APPLIED);
    }

    /** What another leader does not know of must not be promised. */
    @Test
    void renewWhenItIsDeposedMeanwhileIsNotPromised() {
        deposedAt = 2;
        CompletionStage<byte[]> answer = second.answer(LeaderCall.RENEW, id(5));
        assertRefused(answer, RequestError.NOT_LEADER);
        assertThat(ensured).isEqualTo(2);
    }

    @Test
    void renewWhenItDoesNotLeadForCertainIsRefused() {
        deposedAt = 1;
        clock.advance(Duration.ofSeconds(50));
        assertRefused(second.answer(LeaderCall.RENEW, id(5)), RequestError.NOT_LEADER);
        assertThat(there.timeToLive(5, false).remainingTtl()).isEqualTo(10);
    }

    @Test
    void renewWhenNobodyLeadsAsksAgainUntilSomebodyDoes() {
        leader = 0;
        CompletableFuture<Long> renewed = first.renew(5).toCompletableFuture();
        assertThat(renewed).isNotDone();
        leader = SECOND;
        endOfWaits(renewed);
        assertThat(renewed).isCompletedWithValue(60L);
    }

    @Test
    void renewWhenTheTimeIsUpFails() {
        leader = 0;
        CompletableFuture<Long> renewed = first.renew(5).toCompletableFuture();
        clock.advance(TIMEOUT);
        endOfWaits(renewed);
        assertRefused(renewed, RequestError.TIMEOUT);
    }

    @Test
    void renewWhenTheConnectionBreaksAsksAgain() {
        broken = new IllegalStateException("the connection is lost");
        CompletableFuture<Long> renewed = first.renew(5).toCompletableFuture();
        assertThat(renewed).isNotDone();
        broken = null;
        endOfWaits(renewed);
        assertThat(renewed).isCompletedWithValue(60L);
        assertThat(calls).hasSizeGreaterThan(1);
    }

    @Test
    void renewWhenTheOtherCannotApplyInTimePassesThatOn() {
        broken = new RequestException(RequestError.TIMEOUT_WAITING_APPLIED);
        assertRefused(first.renew(5), RequestError.TIMEOUT_WAITING_APPLIED);
    }

    // ---- answering others

    private static void assertNamed(CompletionStage<byte[]> answer, String name) {
        assertThat(answer.toCompletableFuture()).isCompletedExceptionally();
        assertThat(Stages.causeOf(answer.toCompletableFuture().exceptionNow())).hasMessage(name);
    }

    @Test
    void answerWhenTheCallIsUnknownOrTooShortRefuses() {
        assertNamed(answers.answer(FIRST, 3, id(5)), "UNKNOWN_METHOD");
        assertNamed(answers.answer(FIRST, 0, new byte[7]), "UNKNOWN_METHOD");
    }

    @Test
    void answerNamesWhatWentWrong() {
        assertNamed(answers.answer(FIRST, 0, id(6)), "LEASE_NOT_FOUND");
        there.demote();
        assertNamed(answers.answer(FIRST, 0, id(5)), "NOT_LEADER");
        assertRefused(second.answer(LeaderCall.PROMOTE, id(5)), RequestError.UNKNOWN_METHOD);
    }
}
