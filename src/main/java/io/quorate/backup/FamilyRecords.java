package io.quorate.backup;

import io.quorate.bbolt.BucketRecords;
import io.quorate.storage.Cursor;
import io.quorate.storage.Family;
import io.quorate.storage.Reader.Scan;
import io.quorate.storage.View;

/** The records of a family that etcd stores in the same way: keys and values go over as they are. */
final class FamilyRecords implements BucketRecords {

    private final Cursor cursor;
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

    @Override
    public void close() {
        cursor.close();
    }
}
