package io.quorate.proposal;

import io.quorate.base.Numbering;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import io.quorate.lease.LeaseException.LeaseNotFoundException;
import io.quorate.lease.LeaseException.NotPrimaryException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers what other members ask this one as their leader; failures travel as errors of requests. */
public final class LeaderCallHandler {

    private static final Numbering<LeaderCall> CALLS = Numbering.of(LeaderCall.class);

    private final LeaseForwarder leases;
    private final MembershipChanges changes;

    public LeaderCallHandler(LeaseForwarder leases, MembershipChanges changes) {
        this.leases = leases;
        this.changes = changes;
    }

    /** Answers one call; never blocks. */
    public CompletionStage<byte[]> answer(long from, int method, byte[] request) {
        LeaderCall call = CALLS.find(method);
        if (call == null || request.length < Long.BYTES) {
            return CompletableFuture.failedFuture(new RequestException(RequestError.UNKNOWN_METHOD));
        }
        CompletionStage<byte[]> answer = call == LeaderCall.PROMOTE
                ? changes.promoteHere(ByteBuffer.wrap(request).getLong()).thenApply(done -> new byte[0])
                : leases.answer(call, request);
        return answer.exceptionallyCompose(
                failure -> CompletableFuture.failedStage(new RequestException(error(failure))));
    }

    private static RequestError error(Throwable failure) {
        Throwable cause = Stages.causeOf(failure);
        return switch (cause) {
            case RequestException request -> request.error();
            case LeaseNotFoundException _ -> RequestError.LEASE_NOT_FOUND;
            case NotPrimaryException _ -> RequestError.NOT_LEADER;
            default -> throw new IllegalStateException("a leader's answer failed", cause);
        };
    }
}
