package io.quorate.mvcc;

import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.storage.Cursor;
import io.quorate.storage.Family;
import io.quorate.storage.Reader;
import java.nio.ByteBuffer;

/**
 * The newest records of a range, read one behind the other as of the moment the source was opened.
 *
 * <p>Used by one thread at a time.
 */
final class CurrentSource implements RecordSource.Keyed {

    private final Cursor cursor;
    private boolean started;

    CurrentSource(Reader reader, KeyRange range, Reader.Scan scan) {
        Bytes end = range.end();
        cursor = reader.cursor(Family.CURRENT, range.start().unwrap(), end == null ? null : end.unwrap(), scan);
    }

    @Override
    public boolean advance() {
        if (started) {
            cursor.next();
        }
        started = true;
        return cursor.isValid();
    }

    @Override
    public Bytes key() {
        return Bytes.wrap(cursor.key());
    }

    @Override
    public StoredRecord record() {
        return StoredRecord.of(cursor.value());
    }

    @Override
    public int size() {
        return cursor.valueLength();
    }

    @Override
    public void appendTo(ByteBuffer target) {
        cursor.appendValue(target);
    }

    @Override
    public void close() {
        cursor.close();
    }
}
