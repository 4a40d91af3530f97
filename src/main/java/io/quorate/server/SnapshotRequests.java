package io.quorate.server;

import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import lombok.RequiredArgsConstructor;

/** Answers members that have lost their state: the leader sends them its own, as to one that lags behind the log. */
@RequiredArgsConstructor
public final class SnapshotRequests {

    /** The number of the call; the question has no content that counts, the answer none at all. */
    public static final int METHOD = 8;

    private final long localId;
    private final ConsensusState consensus;
    private final ApplyProgress progress;
    private final SnapshotSender transfers;

    /** Answers one call; never blocks. */
    public CompletionStage<byte[]> answer(long from) {
        if (!consensus.isLeader()) {
            return CompletableFuture.failedStage(new RequestException(RequestError.NOT_LEADER));
        }
        transfers.sendOnRequest(localId, from, progress.appliedTerm());
        return CompletableFuture.completedStage(new byte[0]);
    }
}
