package io.quorate.integration.ledger;

import com.google.protobuf.ByteString;
import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The second opinion: the key space rebuilt from events alone, by a plain map. Checks the counters of every event. */
public final class Replay {

    private final NavigableMap<ByteString, KeyValue> live =
            new TreeMap<>(ByteString.unsignedLexicographicalComparator());
    private final List<String> complaints = new ArrayList<>();

    /** Of an empty store. */
    public Replay() {}

    /** Starts from what another ended with. */
    public Replay(Replay base) {
        live.putAll(base.live);
    }

    /** What happened next. */
    public void apply(NavigableMap<Long, List<Event>> events) {
        events.values().forEach(group -> group.forEach(this::apply));
    }

    private void apply(Event event) {
        KeyValue shown = event.getKv();
        KeyValue before = live.get(shown.getKey());
        if (event.getType() == Event.EventType.DELETE) {
            live.remove(shown.getKey());
            if (before == null) {
                complaints.add("Deleted though absent: " + shown.getKey().toStringUtf8());
            }
            return;
        }
        long version = before == null ? 1 : before.getVersion() + 1;
        long created = before == null ? shown.getModRevision() : before.getCreateRevision();
        if (shown.getVersion() != version || shown.getCreateRevision() != created) {
            complaints.add("Expected version %d, created %d in %s".formatted(version, created, summary(shown)));
        }
        live.put(shown.getKey(), shown);
    }

    /** A record without its value. */
    public static String summary(KeyValue record) {
        return "%s created %d modified %d version %d lease %d"
                .formatted(
                        record.getKey().toStringUtf8(),
                        record.getCreateRevision(),
                        record.getModRevision(),
                        record.getVersion(),
                        record.getLease());
    }

    /** What is there now, in the order of the keys. */
    public List<KeyValue> records() {
        return new ArrayList<>(live.values());
    }

    /** Keys attached to each lease that has any. */
    public Map<Long, List<String>> keysByLease() {
        Map<Long, List<String>> keys = new TreeMap<>();
        for (KeyValue record : live.values()) {
            if (record.getLease() != 0) {
                keys.computeIfAbsent(record.getLease(), ignored -> new ArrayList<>())
                        .add(record.getKey().toStringUtf8());
            }
        }
        return keys;
    }

    /** What was wrong in the events. */
    public List<String> complaints() {
        return complaints;
    }
}
