package io.quorate.watch;

import io.quorate.base.Bytes;
import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * What the watch engine reads of the store: events by revision for watchers that catch up, and the record that an event
 * replaced. Called by the {@code watch-sync} thread without any lock of the engine, at any time, also while the store is
 * being replaced by a snapshot; only {@link #compactedRevision} is also called by event loops and has to be a plain
 * volatile read.
 */
public interface History {

    /** The newest revision that readers see; it may lie below revisions already reported to the engine. */
    long currentRevision();

    /** The revision below which history is gone; -1 before the first compaction. */
    long compactedRevision();

    /**
     * Visits every event from one revision up to and including another, both at most {@link #currentRevision}, ordered
     * by revision and by position inside the revision, until the visitor has had enough.
     *
     * @return false if a compaction took away what was to be visited, so that the visit is not complete
     */
    boolean forEachEvent(long fromRevision, long toRevision, EventVisitor visitor);

    /**
     * The record of a key as it was at a revision; null if the key did not exist then or if that revision has been
     * compacted, also when it is compacted during the call.
     */
    @Nullable
    KeyValue recordAt(Bytes key, long revision);

    /** Takes events one by one. */
    @FunctionalInterface
    interface EventVisitor {

        /** Returns false to end the visit; the event given with that call counts as not taken. */
        boolean visit(long revision, Event event);
    }
}
