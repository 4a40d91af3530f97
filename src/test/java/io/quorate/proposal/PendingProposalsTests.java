package io.quorate.proposal;

import static io.quorate.proposal.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.quorate.apply.Outcome;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.proto.PutResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PendingProposalsTests {

    private static final Message RESPONSE = PutResponse.getDefaultInstance();
    private final PendingProposals pending = new PendingProposals(
            deadline -> deadline == 100 ? RequestError.TIMEOUT_LEADER_FAILURE : RequestError.TIMEOUT);

    @Test
    void completeGivesTheResponseToTheOneWhoAwaitsIt() {
        CompletableFuture<Message> mine = pending.register(1, 100);
        CompletableFuture<Message> other = pending.register(2, 100);
        assertThat(pending.isAwaited(1)).isTrue();
        assertThat(pending.size()).isEqualTo(2);
        pending.complete(1, new Outcome.Done(RESPONSE));
        assertThat(mine).isCompletedWithValue(RESPONSE);
        assertThat(other).isNotDone();
        assertThat(pending.isAwaited(1)).isFalse();
        assertThat(pending.size()).isEqualTo(1);
    }

    @Test
    void completeWhenNobodyAwaitsItDoesNothing() {
        pending.complete(1, new Outcome.Done(RESPONSE));
        assertThat(pending.size()).isZero();
    }

    @Test
    void completeWhenRefusedFails() {
        CompletableFuture<Message> result = pending.register(1, 100);
        pending.complete(1, new Outcome.Refused(new RequestException(RequestError.LEASE_NOT_FOUND)));
        assertRefused(result, RequestError.LEASE_NOT_FOUND);
    }

    @Test
    void completeWhenWorkGoesOnWaitsForItsEnd() {
        CompletableFuture<Message> work = new CompletableFuture<>();
        CompletableFuture<Message> result = pending.register(1, 100);
        pending.complete(1, new Outcome.Later(() -> work));
        assertThat(result).isNotDone();
        work.complete(RESPONSE);
        assertThat(result).isCompletedWithValue(RESPONSE);
    }

    @Test
    void completeWhenWorkThatGoesOnFailsFails() {
        CompletableFuture<Message> result = pending.register(1, 100);
        pending.complete(
                1,
                new Outcome.Later(() -> CompletableFuture.failedFuture(new RequestException(RequestError.NO_SPACE))));
        assertRefused(result, RequestError.NO_SPACE);
    }

    @Test
    void expireWhenTheClockOverflowsEndsTheWait() {
        CompletableFuture<Message> result = pending.register(1, Long.MAX_VALUE - 1);
        pending.expire(Long.MIN_VALUE);
        assertRefused(result, RequestError.TIMEOUT);
    }

    @Test
    void expireEndsTheWaitOfThoseWhoseTimeIsUpAlone() {
        CompletableFuture<Message> early = pending.register(1, 100);
        CompletableFuture<Message> late = pending.register(2, 101);
        pending.expire(99);
        assertThat(early).isNotDone();
        pending.expire(100);
        assertRefused(early, RequestError.TIMEOUT_LEADER_FAILURE);
        assertThat(late).isNotDone();
        assertThat(pending.expiredCount()).isEqualTo(1);
        assertThat(pending.isAwaited(1)).isFalse();
    }

    @Test
    void closeEndsAllWaitsNowAndLater() {
        CompletableFuture<Message> now = pending.register(1, 100);
        pending.close();
        assertRefused(now, RequestError.STOPPED);
        assertRefused(pending.register(2, 100), RequestError.STOPPED);
        assertThat(pending.size()).isZero();
    }
}
