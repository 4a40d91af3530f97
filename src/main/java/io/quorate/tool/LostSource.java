package io.quorate.tool;

import io.quorate.tool.FollowingCluster.State;
import io.quorate.tool.HandOver.HandOverException;
import io.quorate.tool.Tool.ToolException;
import java.util.Map;
import java.util.Optional;
import lombok.RequiredArgsConstructor;

/**
 * Has the cluster take over from an etcd that is lost for good, with what was taken over until then. There is nothing to compare with. Used
 * by one thread.
 */
@RequiredArgsConstructor
final class LostSource {

    private final Options options;
    private final SourceEtcd source;
    private final FollowingCluster target;

    /**
     * Goes on until the cluster has taken over.
     *
     * @throws HandOverException if it must not
     */
    String run() {
        return new RetryLoop(options.timeout(), target::lastFailure)
                .until("the cluster", () -> Optional.of(takeOver(target.refresh())));
    }

    private String takeOver(State state) {
        if (state.is("TAKEN_OVER")) {
            return LiveMigration.takenOver(state);
        }
        if (state.is("NONE")) {
            throw new HandOverException("The cluster follows no etcd.");
        }
        if (state.is("LOADING")) {
            throw new HandOverException(
                    "The cluster was loading a state when the etcd was lost, and has a part of it, up to"
                            + " revision " + state.revision()
                            + ", that nobody can use. Begin anew from what is left of the etcd's"
                            + " data or from a snapshot of it.");
        }
        requireLost();
        LiveMigration.tell("The etcd does not answer. The cluster takes over at revision " + state.revision()
                + ": what the etcd has written behind it is lost.");
        target.step("finish", Map.of());
        return LiveMigration.takenOver(state)
                + " without the etcd: what that has written behind it is lost, and what it has"
                + " changed of leases and users since it was asked last. Hashes were not compared. Never start that etcd"
                + " again.";
    }

    private void requireLost() {
        boolean lost;
        try {
            lost = source.isLost();
        } catch (ToolException refused) {
            throw new HandOverException("The etcd answers: " + refused.getMessage() + ". Nothing was switched.");
        }
        if (!lost) {
            throw new HandOverException(
                    "The etcd answers, so it is not lost. Nothing was switched; leave --source-lost out.");
        }
    }
}
