package io.quorate.proposal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Asks another member what only it can answer, as a leader can. */
@FunctionalInterface
public interface PeerCalls {

    /** Completes with the answer; fails with the name of a {@code RequestError} as message, or for want of an answer. */
    CompletableFuture<byte[]> call(long to, int method, byte[] request, Duration timeout);
}
