package io.quorate.tool;

import com.google.protobuf.ByteString;
import io.quorate.proto.mvccpb.KeyValue;
import io.quorate.tool.Tool.ToolException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Changes on their way from the source to a step, as etcd stores them: a revision, and a key-value message. Bounded by its owner, which
 * sends when it is full. Used by one thread.
 */
final class RecordBatch {

    /** About what one step has. */
    static final int BYTES_MAX = 512 << 10;

    /** What a revision may have that is sent as one step: a request of etcd has 1.5 MiB, and each record a little more than its put. */
    static final int REVISION_BYTES_MAX = (1536 + 32) << 10;

    private static final int KEY_BYTES = 17;

    private final Deque<Record> records = new ArrayDeque<>();
    private long bytes;
    private long revision;
    private int sub;
    private long completeUpTo;

    private record Record(long main, int size, Map<String, Object> json) {}

    /** Adds a record as it stands in a snapshot. */
    void add(byte[] key, byte[] value) {
        Base64.Encoder base64 = Base64.getEncoder();
        Map<String, Object> json = Map.of("key", base64.encodeToString(key), "value", base64.encodeToString(value));
        Record record = new Record(ByteBuffer.wrap(key).getLong(), key.length + value.length, json);
        records.add(record);
        bytes += record.size();
    }

    /** Adds an event of a watch; those of a revision come in their order and without a gap. */
    void add(Map<?, ?> event) {
        if (!(event.get("kv") instanceof Map<?, ?> kv)) {
            throw new ToolException("The etcd sent an event without a key: " + event);
        }
        long main = SourceEtcd.number(kv, "mod_revision");
        if (main == revision) {
            sub++;
        } else {
            completeUpTo = revision;
            revision = main;
            sub = 0;
        }
        boolean deletion = "DELETE".equals(event.get("type"));
        ByteBuffer key = ByteBuffer.allocate(KEY_BYTES + (deletion ? 1 : 0))
                .putLong(main)
                .put((byte) '_')
                .putLong(sub);
        if (deletion) {
            key.put((byte) 't');
        }
        add(key.array(), record(kv, deletion).toByteArray());
    }

    private static KeyValue record(Map<?, ?> kv, boolean deletion) {
        KeyValue.Builder record = KeyValue.newBuilder().setKey(bytes(kv, "key"));
        if (!deletion) {
            record.setCreateRevision(SourceEtcd.number(kv, "create_revision"))
                    .setModRevision(SourceEtcd.number(kv, "mod_revision"))
                    .setVersion(SourceEtcd.number(kv, "version"))
                    .setValue(bytes(kv, "value"))
                    .setLease(SourceEtcd.number(kv, "lease"));
        }
        return record.build();
    }

    private static ByteString bytes(Map<?, ?> kv, String field) {
        return ByteString.copyFrom(Base64.getDecoder().decode(Objects.toString(kv.get(field), "")));
    }

    /** The last revision that was added is complete. */
    void endRevision() {
        completeUpTo = revision;
    }

    /** Whether nothing of a revision is still to come. */
    boolean isComplete(long main) {
        return main <= completeUpTo;
    }

    boolean isFull() {
        return bytes >= BYTES_MAX;
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    /** Whether the first revision is complete. */
    boolean hasWhole() {
        return !records.isEmpty() && records.getFirst().main() <= completeUpTo;
    }

    /** The revision that comes first. */
    long firstRevision() {
        return records.getFirst().main();
    }

    /** Whether the first revision, complete or not, is too large for one step. */
    boolean isFirstTooLarge() {
        long main = records.isEmpty() ? 0 : firstRevision();
        long size = 0;
        int count = 0;
        for (Iterator<Record> each = records.iterator(); each.hasNext() && size <= REVISION_BYTES_MAX; ) {
            Record record = each.next();
            if (record.main() != main) {
                return false;
            }
            size += record.size();
            count++;
        }
        return size > REVISION_BYTES_MAX && count > 1;
    }

    /** Forgets revisions that are not needed any more. */
    void dropUpTo(long main) {
        while (!records.isEmpty() && records.getFirst().main() <= main) {
            bytes -= records.removeFirst().size();
        }
    }

    /** Complete revisions for one step: the first, and others as long as they are small enough together. They stay here. */
    List<Map<String, Object>> firstRevisions() {
        List<Record> chosen = new ArrayList<>();
        List<Record> revisionSoFar = new ArrayList<>();
        long size = 0;
        for (Record each : records) {
            boolean begins = revisionSoFar.isEmpty() || revisionSoFar.getFirst().main() != each.main();
            if (begins) {
                chosen.addAll(revisionSoFar);
                revisionSoFar.clear();
            }
            size += each.size();
            if (each.main() > completeUpTo || (size > BYTES_MAX && !chosen.isEmpty())) {
                return json(chosen);
            }
            revisionSoFar.add(each);
        }
        chosen.addAll(revisionSoFar);
        return json(chosen);
    }

    private static List<Map<String, Object>> json(List<Record> records) {
        return records.stream().map(Record::json).toList();
    }

    /**
     * Takes out records up to a revision for one step, whether revisions are complete or not: the first, and others as long as they are
     * small enough together. One may be as large as a request, so that nothing fits beside it.
     */
    List<Map<String, Object>> takeUpTo(long main) {
        List<Map<String, Object>> taken = new ArrayList<>();
        long size = 0;
        while (!records.isEmpty() && records.getFirst().main() <= main) {
            int next = records.getFirst().size();
            if (size > 0 && size + next > BYTES_MAX) {
                break;
            }
            taken.add(records.removeFirst().json());
            size += next;
        }
        bytes -= size;
        return taken;
    }
}
