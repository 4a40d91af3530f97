package io.quorate.backup.archive;

import io.quorate.base.Sha256;
import io.quorate.storage.Cursor;
import io.quorate.storage.Family;
import io.quorate.storage.Reader.Scan;
import io.quorate.storage.View;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which families have no history, and under which numbers their records lie in objects. The numbers never change. */
final class StateRecords {

    /** The number of records of history. */
    static final byte HISTORY = 1;

    private static final Map<Byte, Family> FAMILIES = new TreeMap<>(Map.of(
            (byte) 2, Family.LEASE,
            (byte) 3, Family.USER,
            (byte) 4, Family.ROLE,
            (byte) 5, Family.AUTH,
            (byte) 6, Family.ALARM,
            (byte) 7, Family.MEMBER,
            (byte) 8, Family.REMOVED_MEMBER));

    private StateRecords() {}

    /** Takes records. */
    interface Sink {
        void add(byte kind, byte[] key, byte[] value) throws IOException;
    }

    /** The family of a number; null if there is none. */
    static @Nullable Family family(byte kind) {
        return FAMILIES.get(kind);
    }

    /** Reads all of them in a fixed order. */
    static void read(View view, Sink sink) throws IOException {
        for (Map.Entry<Byte, Family> each : FAMILIES.entrySet()) {
            try (Cursor cursor = view.cursor(each.getValue(), null, null, Scan.LONG)) {
                for (; cursor.isValid(); cursor.next()) {
                    sink.add(each.getKey(), cursor.key(), cursor.value());
                }
            }
        }
    }

    /** Sums records up; never {@link ArchiveName#NO_STATE}. Used by one thread. */
    static final class Digest implements Sink {

        private final MessageDigest digest = Sha256.begin();

        @Override
        public void add(byte kind, byte[] key, byte[] value) {
            digest.update(ByteBuffer.allocate(1 + 2 * Integer.BYTES)
                    .put(kind)
                    .putInt(key.length)
                    .putInt(value.length)
                    .flip());
            digest.update(key);
            digest.update(value);
        }

        long value() {
            long sum = ByteBuffer.wrap(digest.digest()).getLong();
            return sum == ArchiveName.NO_STATE ? 1 : sum;
        }
    }
}
