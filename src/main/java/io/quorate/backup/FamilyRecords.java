package io.quorate.backup;

import io.quorate.bbolt.BucketRecords;
import io.quorate.storage.Cursor;
import io.quorate.storage.Family;
import io.quorate.storage.Reader.Scan;
import io.quorate.storage.View;
import java.nio.ByteBuffer;

/** The records of a family that etcd stores in the same way: keys and values go over as they are. */
final class FamilyRecords implements BucketRecords {

    private static final int BUFFER_BYTES = 4 << 10;

    private final Cursor cursor;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private boolean begun;

    FamilyRecords(View view, Family family) {
        cursor = view.cursor(family, null, null, Scan.LONG);
    }

    @Override
    public boolean next() {
        if (begun) {
            cursor.next();
        }
        begun = true;
        return cursor.isValid();
    }

    @Override
    public byte[] key() {
        return cursor.key();
    }

    @Override
    public byte[] value() {
        return cursor.value();
    }

    /** One array serves all values: a state has millions, and most are small. */
    @Override
    public ByteBuffer valueInPlace() {
        int length = cursor.value(buffer);
        if (length > buffer.length) {
            buffer = new byte[Integer.highestOneBit(length) << 1];
            cursor.value(buffer);
        }
        return ByteBuffer.wrap(buffer, 0, length);
    }

    @Override
    public void close() {
        cursor.close();
    }
}
