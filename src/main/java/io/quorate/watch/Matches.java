package io.quorate.watch;

import io.quorate.base.Bytes;
import io.quorate.proto.mvccpb.Event;
import java.util.ArrayList;
import java.util.List;

/** Finds out what of a revision goes to which synced watchers. Used under the hub's lock. */
final class Matches {

    private final List<Watcher> matched = new ArrayList<>();

    /**
     * What is to be queued for the events of a revision; watchers of one stream that want the same share it, and its place in the stream's
     * buffer. Those watchers then miss nothing up to the revision.
     */
    List<Outgoing> of(long revision, List<Event> events, WatcherGroups groups) {
        for (int i = 0; i < events.size(); i++) {
            int position = i;
            Event event = events.get(i);
            Bytes key = RecentRevisions.keyOf(event);
            groups.forEachSynced(key, watcher -> {
                if (revision >= watcher.minRevision && watcher.wants(event) && watcher.match(events, position)) {
                    matched.add(watcher);
                }
            });
        }
        List<Outgoing> outgoing = new ArrayList<>();
        for (Watcher watcher : matched) {
            watcher.minRevision = revision + 1;
            gather(watcher, revision, watcher.takeMatched(events), outgoing);
        }
        matched.clear();
        outgoing.forEach(each -> each.watchers().getFirst().stream().shared = null);
        return outgoing;
    }

    private static void gather(Watcher watcher, long revision, List<Event> wanted, List<Outgoing> outgoing) {
        WatchStream stream = watcher.stream();
        Outgoing shared = stream.shared;
        if (shared == null || !shared.share(watcher, wanted)) {
            shared = Outgoing.events(watcher, revision, wanted);
            stream.shared = shared;
            outgoing.add(shared);
        }
    }
}
