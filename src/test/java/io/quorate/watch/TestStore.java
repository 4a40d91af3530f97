package io.quorate.watch;

import com.google.protobuf.ByteString;
import io.quorate.base.Bytes;
import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store in memory. Revisions become visible by themselves unless that is held back; the first change has revision 2. */
final class TestStore implements History {

    private final NavigableMap<Long, List<Event>> revisions = new TreeMap<>();
    private final Map<Bytes, KeyValue> live = new HashMap<>();
    private final List<Event> log = new ArrayList<>();
    private long newest = 1;
    private long visible = 1;
    private long compacted = -1;
    private boolean holdsBack;
    int reads;
    int recordReads;

    /** Runs before each event that is read. */
    Runnable duringRead = () -> {};

    @Nullable
    WatchHub hub;

    /** Changes keys in one revision and reports it; a null value deletes. */
    long commit(Map<String, @Nullable String> changes) {
        List<Event> events = change(changes);
        if (hub != null) {
            hub.committed(newest, events);
        }
        if (!holdsBack) {
            visible = newest;
        }
        return newest;
    }

    long put(String key, String value) {
        Map<String, @Nullable String> changes = new LinkedHashMap<>();
        changes.put(key, value);
        return commit(changes);
    }

    long delete(String key) {
        Map<String, @Nullable String> changes = new LinkedHashMap<>();
        changes.put(key, null);
        return commit(changes);
    }

    /** Changes keys without reporting, as a snapshot from the leader does. */
    List<Event> change(Map<String, @Nullable String> changes) {
        long revision = newest + 1;
        List<Event> events = new ArrayList<>();
        changes.forEach((name, value) -> {
            Bytes key = Bytes.utf8(name);
            KeyValue old = live.get(key);
            if (value != null) {
                KeyValue kv = KeyValue.newBuilder()
                        .setKey(ByteString.copyFromUtf8(name))
                        .setValue(ByteString.copyFromUtf8(value))
                        .setCreateRevision(old == null ? revision : old.getCreateRevision())
                        .setModRevision(revision)
                        .setVersion(old == null ? 1 : old.getVersion() + 1)
                        .build();
                live.put(key, kv);
                events.add(Event.newBuilder().setKv(kv).build());
            } else if (old != null) {
                live.remove(key);
                events.add(Event.newBuilder()
                        .setType(Event.EventType.DELETE)
                        .setKv(KeyValue.newBuilder().setKey(old.getKey()).setModRevision(revision))
                        .build());
            }
        });
        if (!events.isEmpty()) {
            newest = revision;
            revisions.put(revision, List.copyOf(events));
            log.addAll(events);
        }
        return events;
    }

    boolean exists(String key) {
        return live.containsKey(Bytes.utf8(key));
    }

    long newest() {
        return newest;
    }

    /** From now on readers see new revisions only after {@link #show}. */
    void holdBack(boolean hold) {
        holdsBack = hold;
    }

    void show() {
        visible = newest;
    }

    void compact(long revision) {
        compacted = revision;
        show();
    }

    /** All events of all revisions, compacted or not. */
    List<Event> all() {
        return Collections.unmodifiableList(log);
    }

    @Override
    public long currentRevision() {
        return visible;
    }

    @Override
    public long compactedRevision() {
        return compacted;
    }

    @Override
    public boolean forEachEvent(long fromRevision, long toRevision, EventVisitor visitor) {
        checkUnlocked();
        reads++;
        if (toRevision > visible) {
            throw new IllegalArgumentException(toRevision + " is above " + visible);
        }
        NavigableMap<Long, List<Event>> wanted = new TreeMap<>(revisions.subMap(fromRevision, true, toRevision, true));
        for (Map.Entry<Long, List<Event>> revision : wanted.entrySet()) {
            if (revision.getKey() < compacted || fromRevision < compacted) {
                return false;
            }
            for (Event event : revision.getValue()) {
                duringRead.run();
                checkUnlocked();
                if (!visitor.visit(revision.getKey(), event)) {
                    return true;
                }
            }
        }
        return fromRevision >= compacted;
    }

    @Override
    public @Nullable KeyValue recordAt(Bytes key, long revision) {
        checkUnlocked();
        recordReads++;
        if (revision > visible) {
            throw new IllegalArgumentException(revision + " is above " + visible);
        }
        return revision < compacted ? null : recordEver(key, revision);
    }

    /** As {@link #recordAt}, compacted or not. */
    @Nullable
    KeyValue recordEver(Bytes key, long revision) {
        for (List<Event> events :
                revisions.headMap(revision, true).descendingMap().values()) {
            for (Event event : events) {
                if (RecentRevisions.keyOf(event).equals(key)) {
                    return event.getType() == Event.EventType.DELETE ? null : event.getKv();
                }
            }
        }
        return null;
    }

    private void checkUnlocked() {
        if (hub != null && hub.isLockedByCaller()) {
            throw new IllegalStateException("history is read under the lock");
        }
    }
}
