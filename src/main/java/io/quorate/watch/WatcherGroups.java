package io.quorate.watch;

import io.quorate.base.Bytes;
import io.quorate.base.Fault;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * Which watchers are synced, unsynced and victims, and up to which revision the synced ones were served. Guarded by the
 * hub's lock, except for {@link #announce}.
 *
 * <p>There are two notions of the current revision. {@code announced} is the newest revision the apply thread came with,
 * known even while there is no watcher. {@code notified} is the newest one that was matched against the synced watchers; only
 * that one may appear in a progress report. While there are watchers, {@code announced} runs ahead for as long as the apply
 * thread waits for the lock. The first watcher after a pause publishes {@code active} and then reads {@code announced};
 * the apply thread publishes {@code announced} and then reads {@code active}: at least one of them sees the other, so no
 * revision falls between.
 */
final class WatcherGroups {

    private final RangeIndex<Watcher> synced = new RangeIndex<>();
    private final LinkedHashSet<Watcher> unsynced = new LinkedHashSet<>();
    private final LinkedHashSet<Watcher> victims = new LinkedHashSet<>();
    private volatile long announced;
    private volatile int active;
    private long notified;

    WatcherGroups(long revision) {
        announced = revision;
        notified = revision;
    }

    /** Makes a new revision known and tells whether anybody watches; apply thread, without the lock. */
    boolean announce(long revision) {
        Fault.check(revision > announced, "revision %d was reported after %d", revision, announced);
        announced = revision;
        return active != 0;
    }

    /** The revision for answers: whatever is reported from now on is newer. */
    long current() {
        return active == 0 ? announced : notified;
    }

    /** The newest revision that all synced watchers were served; only meaningful while there are watchers. */
    long notified() {
        return notified;
    }

    void notified(long revision) {
        notified = revision;
    }

    /** Starts over from the revision of an installed snapshot: every synced watcher becomes unsynced. */
    void restart(long revision) {
        List<Watcher> moved = new ArrayList<>(synced.size());
        synced.forEach(moved::add);
        for (Watcher watcher : moved) {
            watcher.minRevision = Math.max(watcher.minRevision, notified + 1);
            move(watcher, Watcher.Group.UNSYNCED);
        }
        announced = revision;
        notified = revision;
    }

    /** Takes a new watcher in; it is synced if it wants nothing that was already reported. */
    void enter(Watcher watcher) {
        if (active == 0) {
            active = 1;
            notified = announced;
        } else {
            active = active + 1;
        }
        long start = watcher.spec().startRevision();
        watcher.minRevision = start == 0 ? notified + 1 : start;
        join(watcher, watcher.minRevision > notified ? Watcher.Group.SYNCED : Watcher.Group.UNSYNCED);
    }

    /** Moves a watcher to another group; within the unsynced group it goes to the end of the line. */
    void move(Watcher watcher, Watcher.Group to) {
        leave(watcher);
        join(watcher, to);
    }

    /** Takes a watcher out; it gets nothing any more. */
    void remove(Watcher watcher) {
        if (watcher.group != Watcher.Group.GONE) {
            leave(watcher);
            join(watcher, Watcher.Group.GONE);
            active = active - 1;
        }
    }

    void forEachSynced(Bytes key, Consumer<Watcher> visitor) {
        synced.forEachMatch(key, visitor);
    }

    /** Those that need history, the one that waited longest first. */
    Iterable<Watcher> unsynced() {
        return unsynced;
    }

    int unsyncedCount() {
        return unsynced.size();
    }

    List<Watcher> victims() {
        return List.copyOf(victims);
    }

    int victimCount() {
        return victims.size();
    }

    private void join(Watcher watcher, Watcher.Group to) {
        watcher.group = to;
        switch (to) {
            case SYNCED -> synced.add(watcher.spec().range(), watcher);
            case UNSYNCED -> unsynced.add(watcher);
            case VICTIM -> victims.add(watcher);
            case GONE -> {}
        }
    }

    private void leave(Watcher watcher) {
        switch (watcher.group) {
            case SYNCED -> synced.remove(watcher.spec().range(), watcher);
            case UNSYNCED -> unsynced.remove(watcher);
            case VICTIM -> victims.remove(watcher);
            case GONE -> {}
        }
    }
}
