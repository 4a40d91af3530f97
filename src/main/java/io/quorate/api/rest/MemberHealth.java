package io.quorate.api.rest;

import io.quorate.proto.AlarmType;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What the health pages ask of the member. Called on event loops: nothing here may block, and the plain questions are
 * answered from memory. Probes run with root rights, so that they work with authentication on.
 */
public interface MemberHealth {

    /** The alarms that are raised now. */
    Set<AlarmType> alarms();

    /** Whether this member knows a leader. */
    boolean leaderKnown();

    /** Whether this member is a learner. */
    boolean learner();

    /**
     * Reads something, linearizably.
     *
     * @return completes, exceptionally if the read failed or took longer than a request may
     */
    CompletionStage<?> linearizableRead();

    /** Reads something from this member's own state; completes as {@link #linearizableRead()} does. */
    CompletionStage<?> serializableRead();

    /** Version of this server. */
    String serverVersion();

    /** Version all members agreed on, absent as long as they have not. */
    @Nullable
    String clusterVersion();

    /** Version of the stored data, absent while it is not known. */
    @Nullable
    String storageVersion();
}
