package io.quorate.mvcc;

import io.quorate.proto.mvccpb.Event;
import java.util.List;

/** Learns of every new revision before any reader can see it. */
@FunctionalInterface
public interface CommitObserver {

    /** An observer that is not interested. */
    CommitObserver NONE = (revision, events) -> {};

    /**
     * Called once per revision, in order, by the apply thread with the store's lock held, after the change is in the
     * database. Must be quick and must not throw.
     *
     * @param events the changes of the revision in the order they were made; the key-value of a deletion has only key and
     *     mod revision, and no event carries the previous record
     */
    void committed(long revision, List<Event> events);

    /**
     * A state is loaded in parts from now on: revisions come without a call of {@link #committed}, and history has gaps, until
     * {@link #restored}. Apply thread, like all calls.
     */
    default void restoring() {}

    /** The state is complete, and readers see it. */
    default void restored() {}
}
