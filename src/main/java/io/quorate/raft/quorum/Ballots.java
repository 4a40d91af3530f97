package io.quorate.raft.quorum;

import org.jspecify.annotations.Nullable;

/** What each voter has said so far. */
@FunctionalInterface
public interface Ballots {

    /** True for yes, false for no, null while the voter has not answered. */
    @Nullable
    Boolean ballotOf(long id);
}
