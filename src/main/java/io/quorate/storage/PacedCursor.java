package io.quorate.storage;

import lombok.RequiredArgsConstructor;

/** A cursor that gives way to writers. */
@RequiredArgsConstructor
final class PacedCursor implements Cursor {

    private final Cursor cursor;
    private final BackgroundPace pace;

    @Override
    public boolean isValid() {
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
    public int value(byte[] target) {
        return cursor.value(target);
    }

    @Override
    public void next() {
        cursor.next();
        pace.step();
    }

    @Override
    public void seek(byte[] key) {
        cursor.seek(key);
    }

    @Override
    public void close() {
        cursor.close();
    }
}
