package io.quorate.api.web;

import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseGrpc;
import io.quorate.proto.LeaseRevokeRequest;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The lease behind a lock or a candidacy: one of the client's, or a new one, which is revoked if nothing comes of it.
 *
 * @param id of the client's, 0 for a new one
 * @param ttl seconds of a new one
 * @param waitSeconds for which the client waits
 */
record LeaseOffer(long id, long ttl, long waitSeconds) {

    private static final long TTL_USUAL = 60;
    private static final long WAIT_USUAL = 30;
    private static final long WAIT_MAX = 3600;

    static LeaseOffer of(@Nullable String lease, @Nullable Long ttl, @Nullable Long waitSeconds) {
        long id = Parameters.id("lease", lease);
        if (id != 0 && ttl != null) {
            throw Problem.field("ttl", "not together with lease");
        }
        return new LeaseOffer(
                id,
                ttl == null ? TTL_USUAL : Parameters.positive("ttl", ttl),
                Parameters.within("wait_seconds", waitSeconds == null ? WAIT_USUAL : waitSeconds, 1, WAIT_MAX));
    }

    /** Does something with the lease. */
    <T> T use(RestRequest request, LongFunction<T> action) {
        if (id != 0) {
            return action.apply(id);
        }
        long granted = request.call(
                        LeaseGrpc.getLeaseGrantMethod(),
                        LeaseGrantRequest.newBuilder().setTTL(ttl).build())
                .getID();
        try {
            return action.apply(granted);
        } catch (Problem failed) {
            request.callAnyway(
                    LeaseGrpc.getLeaseRevokeMethod(),
                    LeaseRevokeRequest.newBuilder().setID(granted).build());
            throw failed;
        }
    }
}
