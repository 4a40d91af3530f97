package io.quorate.watch;

import io.quorate.base.Bytes;
import io.quorate.proto.mvccpb.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest revisions, kept while a watcher catches up. Reading history takes time in which new revisions arrive, so a
 * watcher that only read history would never be quite up to date under load; what it misses at the end comes from here.
 * Guarded by the hub's lock.
 */
final class RecentRevisions {

    private final ArrayDeque<Recent> revisions = new ArrayDeque<>();
    private final int revisionsMax;
    private final long bytesMax;
    private long bytes;

    RecentRevisions(int revisionsMax, long bytesMax) {
        this.revisionsMax = revisionsMax;
        this.bytesMax = bytesMax;
    }

    /** Adds the next revision; one that does not follow the last forgets what was there. */
    void add(long revision, List<Event> events) {
        if (!revisions.isEmpty() && revisions.getLast().revision + 1 != revision) {
            clear();
        }
        long added = 0;
        for (Event event : events) {
            added += event.getSerializedSize();
        }
        revisions.addLast(new Recent(revision, events, added));
        bytes += added;
        while (revisions.size() > revisionsMax || (bytes > bytesMax && revisions.size() > 1)) {
            bytes -= revisions.removeFirst().bytes;
        }
    }

    void clear() {
        revisions.clear();
        bytes = 0;
    }

    /** Whether every revision from one up to and including another is here. */
    boolean covers(long from, long to) {
        return !revisions.isEmpty() && revisions.getFirst().revision <= from && revisions.getLast().revision >= to;
    }

    /** What a watcher wants of the revisions from its lowest missing one on. */
    List<Event> wantedBy(Watcher watcher) {
        List<Event> wanted = new ArrayList<>();
        for (Recent recent : revisions) {
            if (recent.revision >= watcher.minRevision) {
                for (Event event : recent.events) {
                    if (watcher.wants(event) && watcher.spec().range().contains(keyOf(event))) {
                        wanted.add(event);
                    }
                }
            }
        }
        return wanted;
    }

    static Bytes keyOf(Event event) {
        return Bytes.wrap(event.getKv().getKey().toByteArray());
    }

    private record Recent(long revision, List<Event> events, long bytes) {}
}
