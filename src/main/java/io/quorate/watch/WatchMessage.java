package io.quorate.watch;

import io.quorate.proto.mvccpb.Event;
import java.util.List;

/** One response of a watch stream, without the parts of the header that only the edge knows. */
public sealed interface WatchMessage {

    /** The id in messages that concern no watcher (a refused one) or all of a stream (progress asked for). */
    long NO_WATCHER = -1;

    /** The watcher; {@link #NO_WATCHER} if there is none. */
    long watchId();

    /** The revision for the response header. */
    long revision();

    /** The watcher exists; every event it gets without a start revision is newer than this revision. */
    record Created(long watchId, long revision) implements WatchMessage {}

    /** The watcher was refused: goes out as created and canceled at once, with id -1 and the reason. */
    record Refused(long revision, String reason) implements WatchMessage {

        @Override
        public long watchId() {
            return NO_WATCHER;
        }
    }

    /**
     * Changes, ordered by revision and by position inside the revision, always with all events of a revision that the
     * watcher wants, unless the batch is split into fragments.
     *
     * @param revision the revision of the events for a watcher that is up to date; the store's current revision for one
     *     that catches up, which may be above that of events still to come
     * @param fragment true when more parts of the same batch follow
     */
    record Events(long watchId, long revision, List<Event> events, boolean fragment) implements WatchMessage {

        /** Whether they are the very same list, which watchers share; nothing is compared. */
        @SuppressWarnings("ReferenceEquality")
        boolean isOf(List<Event> list) {
            return events == list;
        }

        /** Whether another message differs in nothing but the watcher, as far as that can be seen at once. */
        public boolean isSameFor(Events other) {
            return isOf(other.events) && revision == other.revision && fragment == other.fragment;
        }

        /** The same for another watcher. */
        Events to(long otherId) {
            return new Events(otherId, revision, events, fragment);
        }
    }

    /** No event up to and including this revision follows for the watcher, or for any of the stream with id -1. */
    record Progress(long watchId, long revision) implements WatchMessage {}

    /**
     * The watcher is gone.
     *
     * @param revision the current revision when the client cancelled, 0 when compaction did
     * @param compactRevision the lowest revision to start again from; 0 when the client cancelled
     */
    record Canceled(long watchId, long revision, long compactRevision) implements WatchMessage {}
}
