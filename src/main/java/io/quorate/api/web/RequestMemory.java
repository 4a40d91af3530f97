package io.quorate.api.web;

import io.grpc.Status;
import io.quorate.api.error.WireErrors;
import io.quorate.api.port.MemoryBudget;
import io.quorate.base.RequestError;

/**
 * The memory that one request of the REST API holds. What is small takes part of a reserve, what is large waits its turn. Used by the
 * thread of the request, which may wait.
 */
final class RequestMemory implements AutoCloseable {

    private static final int SMALL_BYTES = 64 * 1024;
    private static final Status EXHAUSTED = WireErrors.status(RequestError.TOO_MANY_REQUESTS);

    private final MemoryBudget budget;
    private long heldBytes;

    RequestMemory(MemoryBudget budget) {
        this.budget = budget;
    }

    /**
     * So many more bytes are needed.
     *
     * @throws Problem if there is no room for them in time
     */
    void need(long bytes) {
        boolean granted = bytes <= SMALL_BYTES
                ? budget.holdSmall(bytes)
                : budget.tryHold(bytes) || budget.await(bytes).join();
        if (!granted) {
            budget.refused();
            throw Problem.of(EXHAUSTED);
        }
        heldBytes += bytes;
    }

    /** So many more bytes exist already. */
    void exists(long bytes) {
        budget.hold(bytes);
        heldBytes += bytes;
    }

    /** Takes over what is held already. */
    void own(long bytes) {
        heldBytes += bytes;
    }

    /** What is held now. */
    long heldBytes() {
        return heldBytes;
    }

    /** Gives back what is held beyond that. */
    void releaseTo(long bytes) {
        if (heldBytes > bytes) {
            budget.release(heldBytes - bytes);
            heldBytes = bytes;
        }
    }

    @Override
    public void close() {
        releaseTo(0);
    }
}
