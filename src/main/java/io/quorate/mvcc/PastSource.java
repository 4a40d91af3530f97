package io.quorate.mvcc;

import io.quorate.base.Bytes;
import io.quorate.base.Fault;
import io.quorate.base.KeyRange;
import io.quorate.proto.mvccpb.KeyValue;
import io.quorate.storage.Cursor;
import io.quorate.storage.Family;
import io.quorate.storage.Reader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The records of a range as they were at an old revision.
 *
 * <p>Walks {@code VERSIONS}, taking from each key the newest entry at or below the revision. Most keys have not changed
 * since, so a cursor over {@code CURRENT} moves along and gives the records of those in sequence; only the others cost a
 * read of {@code HISTORY} each. When little has happened since, {@link RecentChanges} is the cheaper way.
 *
 * <p>The reader must be a fixed state, so that a compaction meanwhile takes nothing away.
 *
 * <p>Used by one thread at a time.
 */
final class PastSource implements RecordSource.Keyed {

    /** Single steps to try before a seek, which costs several of them. */
    private static final int STEPS_MAX = 4;

    private static final byte[] NONE = {};

    private final Reader reader;
    private final KeyRange range;
    private final long revision;
    private final Cursor versions;
    private @Nullable Cursor current;
    private byte[] entry = NONE;
    private byte[] group = NONE;

    PastSource(Reader reader, KeyRange range, long revision) {
        this.reader = reader;
        this.range = range;
        this.revision = revision;
        Bytes end = range.end();
        this.versions = reader.cursor(
                Family.VERSIONS, VersionKey.escape(range.start()), end == null ? null : VersionKey.escape(end));
    }

    @Override
    public boolean advance() {
        leaveGroup();
        int steps = 0;
        while (versions.isValid()) {
            byte[] found = versions.key();
            if (!VersionKey.belongsTo(found, group)) {
                group = VersionKey.escapedOf(found);
                steps = 0;
            }
            if (VersionKey.mainOf(found) <= revision) {
                if (versions.value().length == 0) {
                    entry = found;
                    return true;
                }
                leaveGroup();
            } else if (++steps > STEPS_MAX) {
                versions.seek(VersionKey.newestAt(group, revision));
            } else {
                versions.next();
            }
        }
        return false;
    }

    @Override
    public Bytes key() {
        return VersionKey.keyOf(entry);
    }

    @Override
    public StoredRecord record() {
        Bytes key = key();
        StoredRecord newest = newestOf(key.unwrap());
        if (newest != null && newest.meta().modRevision() == VersionKey.mainOf(entry)) {
            return newest;
        }
        return read(reader, key, VersionKey.revisionOf(entry));
    }

    @Override
    public void close() {
        versions.close();
        if (current != null) {
            current.close();
        }
    }

    /** The record of the newest version of a key at or below a revision, or null when the key did not live then. */
    static @Nullable KeyValue find(Reader reader, Bytes key, long revision) {
        byte[] escaped = VersionKey.escape(key);
        try (Cursor cursor =
                reader.cursor(Family.VERSIONS, VersionKey.newestAt(escaped, revision), VersionKey.behind(escaped))) {
            if (!cursor.isValid() || cursor.value().length > 0) {
                return null;
            }
            return read(reader, key, VersionKey.revisionOf(cursor.key())).keyValue();
        }
    }

    /** The record of a version that is known to exist. */
    static StoredRecord read(Reader reader, Bytes key, Revision version) {
        byte[] stored = reader.get(Family.HISTORY, version.storageKey());
        if (stored == null) {
            throw new Fault("no record of key " + key + " at " + version + ", though it has a version there");
        }
        return StoredRecord.of(stored);
    }

    /** Moves behind the versions of the key it stands at. */
    private void leaveGroup() {
        for (int steps = 0; versions.isValid() && VersionKey.belongsTo(versions.key(), group); steps++) {
            if (steps < STEPS_MAX) {
                versions.next();
            } else {
                versions.seek(VersionKey.behind(group));
            }
        }
    }

    private @Nullable StoredRecord newestOf(byte[] key) {
        Cursor cursor = current;
        if (cursor == null) {
            Bytes end = range.end();
            cursor = reader.cursor(Family.CURRENT, key, end == null ? null : end.unwrap());
            current = cursor;
        }
        for (int steps = 0; cursor.isValid(); steps++) {
            int order = Arrays.compareUnsigned(cursor.key(), key);
            if (order >= 0) {
                return order == 0 ? StoredRecord.of(cursor.value()) : null;
            }
            if (steps < STEPS_MAX) {
                cursor.next();
            } else {
                cursor.seek(key);
            }
        }
        return null;
    }
}
