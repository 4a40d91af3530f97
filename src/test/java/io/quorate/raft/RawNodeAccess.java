package io.quorate.raft;

import io.quorate.raft.tracker.Progress;
import java.util.List;

/** What a replay needs of a core beyond its public face. */
public final class RawNodeAccess {

    private RawNodeAccess() {}

    /** Overwrites the present randomized timeout, in ticks; the next change of role or term draws a new one. */
    public static void setRandomizedElectionTimeout(RawNode node, int ticks) {
        node.setRandomizedElectionTimeout(ticks);
    }

    /** The progress of all members as a leader sees it; empty elsewhere. */
    public static List<Progress> progress(RawNode node) {
        return node.progress();
    }
}
