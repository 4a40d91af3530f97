package io.quorate.maintenance;

import io.quorate.apply.ConsistentIndex;
import io.quorate.storage.Cursor;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.Reader.Scan;
import io.quorate.storage.View;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The hash of everything that members share: the CRC-32C over each family's name and all its keys and values. What says how
 * far a member got is left out. Members that use different ways to keep the same keys have different hashes, so this is for
 * comparing members of one kind, as etcd's is.
 */
public final class StoreHash {

    private final Database database;

    public StoreHash(Database database) {
        this.database = database;
    }

    /** Reads the whole store as it is now. */
    public int compute() {
        CRC32C crc = new CRC32C();
        try (View view = database.view()) {
            for (Family family : Family.values()) {
                crc.update(family.name().getBytes(StandardCharsets.US_ASCII));
                try (Cursor cursor = view.cursor(family, null, null, Scan.LONG)) {
                    for (; cursor.isValid(); cursor.next()) {
                        add(crc, family, cursor.key(), cursor.value());
                    }
                }
            }
        }
        return (int) crc.getValue();
    }

    private static void add(CRC32C crc, Family family, byte[] key, byte[] value) {
        if (family != Family.META || !ConsistentIndex.isKey(key)) {
            crc.update(key);
            crc.update(value);
        }
    }
}
