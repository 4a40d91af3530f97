package io.quorate.raft;

import io.quorate.base.Fault;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.ConfChanger;
import io.quorate.raft.confchange.ConfChanger.InvalidConfChangeException;
import io.quorate.raft.log.RaftLog;
import io.quorate.raft.quorum.IdSet;
import io.quorate.raft.tracker.Configuration;
import io.quorate.raft.tracker.Progress;
import org.jspecify.annotations.Nullable;

/**
 * Activates configurations: at start, when a change is applied, when a snapshot arrives. Other than in the thesis
 * (section 4.1) a change acts when it is applied, not when it is appended; so it never has to be undone.
 *
 * <p>One thread at a time: the owner of the {@link RawNode}.
 */
final class Membership {

    private final Raft raft;
    private final Replicator replicator;
    private final ReadIndexQueue reads;

    /**
     * The active configuration as messages and snapshots carry it; equal to the tracker's. Changed when a
     * change is applied, or a snapshot restored.
     */
    private ConfState confState = ConfState.EMPTY;

    /**
     * The index of the last snapshot that was restored: the configuration contains every change up to it, so
     * earlier changes are not activated again. Never decreases.
     */
    private long restoredIndex;

    Membership(Raft raft, Replicator replicator, ReadIndexQueue reads) {
        this.raft = raft;
        this.replicator = replicator;
        this.reads = reads;
    }

    ConfState confState() {
        return confState;
    }

    /** Activates a configuration that comes without a history, so that every member starts anew. */
    void install(Configuration configuration) {
        activate(configuration, configuration.members());
    }

    private void activate(Configuration configuration, IdSet fresh) {
        raft.tracker().install(configuration, fresh, raft.log().lastIndex());
        confState = configuration.toConfState();
        raft.logger().info(() -> raft.hexId() + " switched to configuration " + configuration);
    }

    /**
     * Applies a committed change. All members do so at the same place of the log, so one that is not possible is a
     * broken invariant on all of them.
     */
    ConfState apply(ConfChange change) {
        try {
            ConfChanger.Outcome outcome = ConfChanger.apply(raft.tracker().configuration(), change);
            activate(outcome.configuration(), outcome.fresh());
        } catch (InvalidConfChangeException e) {
            throw new Fault(
                    "cannot apply " + change.describe() + " to "
                            + raft.tracker().configuration(),
                    e);
        }
        if (raft.role() == Role.LEADER) {
            leadNewConfiguration();
        }
        return confState;
    }

    /** The same, unless a snapshot has brought the change meanwhile. */
    @Nullable
    ConfState apply(long index, ConfChange change) {
        return index > restoredIndex ? apply(change) : null;
    }

    private void leadNewConfiguration() {
        Progress own = raft.self();
        if (own == null || own.isLearner()) {
            // By default it goes on until the others have a new leader, without counting itself (thesis, 4.2.2).
            if (raft.config().stepDownOnRemoval()) {
                raft.becomeFollower(raft.term(), 0);
            }
            return;
        }
        if (replicator.advanceCommit()) {
            reads.committed();
            replicator.broadcast();
        } else {
            // A new member is probed at once instead of at the next heartbeat.
            replicator.broadcastMissing();
        }
        reads.votersChanged();
        long transferee = raft.leaderRole().transferee();
        if (transferee != 0 && !raft.tracker().configuration().voters().contains(transferee)) {
            raft.leaderRole().abortTransfer();
        }
    }

    /**
     * Replaces log and configuration by a snapshot from the leader, unless it brings nothing.
     *
     * @return whether it was taken over; then it is to be made durable and installed
     */
    boolean restore(Snapshot snapshot) {
        RaftLog log = raft.log();
        if (snapshot.index() <= log.committed()) {
            return false;
        }
        Configuration configuration = Configuration.of(snapshot.confState());
        if (!configuration.members().contains(raft.id())) {
            // It was meant for another member, or sent before this member was added.
            raft.logger()
                    .warn(() -> raft.hexId() + " refuses a snapshot whose configuration " + configuration
                            + " it is not part of");
            return false;
        }
        if (log.matchesTerm(snapshot.index(), snapshot.term())) {
            raft.logger().info(() -> logEnd() + "] fast-forwarded commit to " + text(snapshot));
            log.commitTo(snapshot.index());
            return false;
        }
        log.restore(snapshot);
        restoredIndex = snapshot.index();
        install(configuration);
        raft.logger().info(() -> logEnd() + "] restored " + text(snapshot));
        return true;
    }

    private String logEnd() {
        RaftLog log = raft.log();
        return raft.hexId() + " [commit: " + log.committed() + ", lastindex: " + log.lastIndex() + ", lastterm: "
                + log.lastTerm();
    }

    private static String text(Snapshot snapshot) {
        return "snapshot [index: " + snapshot.index() + ", term: " + snapshot.term() + "]";
    }
}
