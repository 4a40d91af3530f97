package io.quorate.raft;

import io.quorate.raft.tracker.Progress;
import java.util.List;

/** What a replay and the simulation need of a core beyond its public face. */
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

    /** The term of an entry of the whole log, durable or not. */
    public static long term(RawNode node, long index) {
        return node.log().term(index);
    }
}
