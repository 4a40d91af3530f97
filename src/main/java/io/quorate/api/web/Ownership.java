package io.quorate.api.web;

import com.google.protobuf.ByteString;
import io.quorate.proto.Compare;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.TxnResponse;

/**
 * What proves that a client has a place in the queue of a lock or an election. Etcd's services delete whatever key they are told to give
 * up, and say nothing if it is not there; here a name that is mistyped is noticed.
 */
final class Ownership {

    private static final int HEX = 16;

    private final Compare.Builder proof;

    private Ownership(Compare.Builder proof) {
        this.proof = proof;
    }

    /**
     * The proof of a place: its name ends with the lease that it lives on.
     *
     * @throws Problem if it does not
     */
    static Ownership of(ByteString place) {
        String text = place.isValidUtf8() ? place.toStringUtf8() : "";
        try {
            long lease = Long.parseUnsignedLong(text.substring(text.lastIndexOf('/') + 1), HEX);
            if (lease != 0) {
                return new Ownership(Compare.newBuilder()
                        .setTarget(Compare.CompareTarget.LEASE)
                        .setLease(lease));
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw nobody();
    }

    /** The proof of a place that was taken at a revision. */
    static Ownership of(ByteString place, long createRevision) {
        if (place.isEmpty() || createRevision <= 0) {
            throw nobody();
        }
        return new Ownership(
                Compare.newBuilder().setTarget(Compare.CompareTarget.CREATE).setCreateRevision(createRevision));
    }

    /**
     * Gives the place up.
     *
     * @throws Problem if nobody has it, or not by this proof
     */
    void giveUp(RestRequest request, ByteString place) {
        TxnResponse done = request.call(
                KVGrpc.getTxnMethod(),
                TxnRequest.newBuilder()
                        .addCompare(proof.setKey(place).setResult(Compare.CompareResult.EQUAL))
                        .addSuccess(RequestOp.newBuilder()
                                .setRequestDeleteRange(
                                        DeleteRangeRequest.newBuilder().setKey(place)))
                        .build());
        if (!done.getSucceeded()) {
            throw nobody();
        }
    }

    private static Problem nobody() {
        return Problem.notFound("no such place: the key is not held by that lease or since that revision");
    }
}
