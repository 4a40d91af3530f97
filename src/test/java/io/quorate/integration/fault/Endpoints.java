package io.quorate.integration.fault;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quorate.fixture.GrpcConnection;
import io.quorate.proto.KVGrpc.KVBlockingStub;
import io.quorate.proto.LeaseGrpc.LeaseBlockingStub;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The ways to all members, for clients that do not wait long. Any thread.
 *
 * @param all a connection to each member
 */
record Endpoints(List<GrpcConnection> all) {

    /** How long a client waits for an answer. */
    static final long CALL_MILLIS = 1_500;

    /** Refusals that say: not now, or not here. What they were an answer to may have happened. */
    private static final Set<Status.Code> PASSING = EnumSet.of(
            Status.Code.UNAVAILABLE,
            Status.Code.DEADLINE_EXCEEDED,
            Status.Code.RESOURCE_EXHAUSTED,
            Status.Code.CANCELLED,
            Status.Code.DATA_LOSS);

    GrpcConnection any(Random random) {
        return all.get(random.nextInt(all.size()));
    }

    static KVBlockingStub kv(GrpcConnection connection) {
        return reachable(connection).kv().withDeadlineAfter(CALL_MILLIS, TimeUnit.MILLISECONDS);
    }

    static LeaseBlockingStub lease(GrpcConnection connection) {
        return reachable(connection).lease().withDeadlineAfter(CALL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A member that is back is noticed at once, not only when the next attempt to connect to it is due. */
    private static GrpcConnection reachable(GrpcConnection connection) {
        connection.channel().resetConnectBackoff();
        return connection;
    }

    /** Whether a client may be refused like this while something is broken. */
    static boolean isPassing(StatusRuntimeException refusal) {
        return PASSING.contains(refusal.getStatus().getCode())
                || refusal.getStatus().getCause() instanceof IOException; // the connection broke, nobody refused
    }
}
