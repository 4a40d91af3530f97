package io.quorate.mvcc;

import com.google.protobuf.ByteString;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.mvcc.MvccException.CompactedException;
import io.quorate.mvcc.MvccException.FutureRevisionException;
import io.quorate.mvcc.RangeQuery.RangeResult;
import io.quorate.mvcc.RangeQuery.SortOrder;
import io.quorate.mvcc.RangeQuery.SortTarget;
import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the key space must do, as simply as it can be said: every key with all versions it ever had. */
final class KeySpaceModel {

    /** Versions of each key by main revision; an empty record is a deletion. */
    final TreeMap<Bytes, TreeMap<Revision, KeyValue>> versions = new TreeMap<>();

    final TreeMap<Long, List<Event>> events = new TreeMap<>();
    long current = 1;
    long compacted = -1;
    private List<Event> open = new ArrayList<>();

    /** The revision a transaction sees. */
    long revision() {
        return open.isEmpty() ? current : current + 1;
    }

    long end() {
        if (!open.isEmpty()) {
            current++;
            events.put(current, open);
            open = new ArrayList<>();
        }
        return current;
    }

    @Nullable
    KeyValue put(Bytes key, ByteString value, long lease) {
        KeyValue old = at(key, current + 1);
        long main = current + 1;
        KeyValue record = KeyValue.newBuilder()
                .setKey(ByteString.copyFrom(key.unwrap()))
                .setValue(value)
                .setLease(lease)
                .setModRevision(main)
                .setCreateRevision(old == null ? main : old.getCreateRevision())
                .setVersion(old == null ? 1 : old.getVersion() + 1)
                .build();
        add(key, record);
        open.add(Event.newBuilder().setType(Event.EventType.PUT).setKv(record).build());
        return old;
    }

    List<KeyValue> delete(KeyRange range) {
        List<KeyValue> removed = live(range, current + 1);
        for (KeyValue record : removed) {
            add(Bytes.wrap(record.getKey().toByteArray()), KeyValue.getDefaultInstance());
            KeyValue mark = KeyValue.newBuilder()
                    .setKey(record.getKey())
                    .setModRevision(current + 1)
                    .build();
            open.add(Event.newBuilder()
                    .setType(Event.EventType.DELETE)
                    .setKv(mark)
                    .build());
        }
        return removed;
    }

    @Nullable
    KeyValue at(Bytes key, long revision) {
        NavigableMap<Revision, KeyValue> ofKey = versions.get(key);
        Map.Entry<Revision, KeyValue> newest =
                ofKey == null ? null : ofKey.floorEntry(new Revision(revision, Integer.MAX_VALUE));
        return newest == null || newest.getValue().getKey().isEmpty() ? null : newest.getValue();
    }

    List<KeyValue> live(KeyRange range, long revision) {
        List<KeyValue> records = new ArrayList<>();
        for (Bytes key : versions.keySet()) {
            KeyValue record = range.contains(key) ? at(key, revision) : null;
            if (record != null) {
                records.add(record);
            }
        }
        return records;
    }

    RangeResult range(RangeQuery query) {
        long now = revision();
        long at = query.revision() <= 0 ? now : query.revision();
        if (at > now) {
            throw new FutureRevisionException(at, now);
        }
        if (at < compacted) {
            throw new CompactedException(at, compacted);
        }
        List<KeyValue> records = live(query.range(), at);
        long count = records.size();
        if (query.countOnly()) {
            return new RangeResult(RecordList.EMPTY, count, false, now);
        }
        boolean filtered = query.minModRevision() != 0
                || query.maxModRevision() != 0
                || query.minCreateRevision() != 0
                || query.maxCreateRevision() != 0;
        if (query.order() == SortOrder.NONE && query.limit() > 0 && !filtered) {
            records = new ArrayList<>(records.subList(0, (int) Math.min(count, query.limit() + 1)));
        }
        records.removeIf(kv -> query.minModRevision() != 0 && kv.getModRevision() < query.minModRevision()
                || query.maxModRevision() != 0 && kv.getModRevision() > query.maxModRevision()
                || query.minCreateRevision() != 0 && kv.getCreateRevision() < query.minCreateRevision()
                || query.maxCreateRevision() != 0 && kv.getCreateRevision() > query.maxCreateRevision());
        Comparator<KeyValue> ascending = comparator(query.target());
        records.sort(query.order() == SortOrder.DESCEND ? ascending.reversed() : ascending);
        boolean more = query.limit() > 0 && records.size() > query.limit();
        if (more) {
            records = records.subList(0, (int) query.limit());
        }
        if (query.keysOnly()) {
            boolean keepsLease = query.target() == SortTarget.VALUE;
            records = records.stream()
                    .map(kv -> kv.toBuilder()
                            .clearValue()
                            .setLease(keepsLease ? kv.getLease() : 0)
                            .build())
                    .toList();
        }
        return new RangeResult(
                new RecordList(records.stream().map(StoredRecord::of).toList()), count, more, now);
    }

    /** Forgets nothing, since what is compacted cannot be asked for. */
    void compact(long revision) {
        if (revision <= compacted) {
            throw new CompactedException(revision, compacted);
        }
        if (revision > current) {
            throw new FutureRevisionException(revision, current);
        }
        compacted = revision;
    }

    /** The versions that stay in the history after the removal of a compaction, in the form key@main/sub. */
    TreeSet<String> surviving() {
        TreeSet<String> names = new TreeSet<>();
        versions.forEach((key, ofKey) -> {
            Revision newest = ofKey.floorKey(new Revision(compacted, Integer.MAX_VALUE));
            ofKey.forEach((revision, record) -> {
                boolean isDeletion = record.getKey().isEmpty();
                boolean stays = revision.main() > compacted
                        || (revision.equals(newest) && (!isDeletion || revision.main() == compacted));
                if (stays) {
                    names.add(name(key, revision));
                }
            });
        });
        return names;
    }

    static String name(Bytes key, Revision revision) {
        return key + "@" + revision.main() + "/" + revision.sub();
    }

    Map<Long, TreeSet<Bytes>> attachments() {
        Map<Long, TreeSet<Bytes>> attached = new HashMap<>();
        for (KeyValue record : live(KeyRange.ALL, revision())) {
            if (record.getLease() != 0) {
                attached.computeIfAbsent(record.getLease(), first -> new TreeSet<>())
                        .add(Bytes.wrap(record.getKey().toByteArray()));
            }
        }
        return attached;
    }

    private void add(Bytes key, KeyValue record) {
        versions.computeIfAbsent(key, first -> new TreeMap<>()).put(new Revision(current + 1, open.size()), record);
    }

    private static Comparator<KeyValue> comparator(SortTarget target) {
        Comparator<ByteString> bytes = ByteString.unsignedLexicographicalComparator();
        return switch (target) {
            case KEY -> Comparator.comparing(KeyValue::getKey, bytes);
            case VERSION -> Comparator.comparingLong(KeyValue::getVersion);
            case CREATE -> Comparator.comparingLong(KeyValue::getCreateRevision);
            case MOD -> Comparator.comparingLong(KeyValue::getModRevision);
            case VALUE -> Comparator.comparing(KeyValue::getValue, bytes);
        };
    }
}
