package io.quorate.proposal;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import java.util.concurrent.CompletionStage;

/** Results that are refusals. */
final class Refusals {

    private Refusals() {}

    static void assertRefused(CompletionStage<?> result, RequestError error) {
        var future = result.toCompletableFuture();
        assertThat(future).isCompletedExceptionally();
        assertThat(Stages.causeOf(future.exceptionNow()))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(error));
    }
}
