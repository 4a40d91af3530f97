package io.quorate.lease;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Answers to waiting renewals; decided under the manager's lock, given without it because they run the caller's code. */
final class RenewalOutcomes {

    private final List<Runnable> answers = new ArrayList<>();

    void succeed(CompletableFuture<Long> waiting, long ttl) {
        answers.add(() -> waiting.complete(ttl));
    }

    /** Fails every renewal that waits on a lease. */
    void fail(Lease lease, LeaseException reason) {
        CompletableFuture<Long> ending = lease.ending;
        if (ending != null) {
            lease.ending = null;
            answers.add(() -> ending.completeExceptionally(reason));
        }
        CompletableFuture<Long> resetting = lease.resetting;
        if (resetting != null) {
            lease.resetting = null;
            answers.add(() -> resetting.completeExceptionally(reason));
        }
    }

    /** Gives the answers; without the lock. */
    void announce() {
        answers.forEach(Runnable::run);
    }
}
