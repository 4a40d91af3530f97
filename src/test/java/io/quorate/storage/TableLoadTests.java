package io.quorate.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Table files that a database takes in. */
class TableLoadTests {

    private static final int LARGE = 1 << 20;

    @TempDir
    private Path directory;

    private Database database;

    @BeforeEach
    void open() {
        database = Database.open(directory.resolve("db"), StorageSettings.DEFAULTS);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static byte[] key(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    private int count() {
        int count = 0;
        try (Cursor cursor = database.cursor(Family.HISTORY, null, null, Reader.Scan.SHORT)) {
            for (; cursor.isValid(); cursor.next()) {
                assertThat(cursor.key()).isEqualTo(key(count));
                count++;
            }
        }
        return count;
    }

    @Test
    void recordsWhenTakenInAreThereAfterACrash() {
        try (TableLoad load = database.load(Family.HISTORY)) {
            for (int i = 0; i < 100; i++) {
                load.put(key(i), new byte[LARGE]); // more than a file
            }
            assertThat(count()).isZero();
            load.finish();
        }
        assertThat(count()).isEqualTo(100);
        database.closeWithoutFlush();
        open();
        assertThat(count()).isEqualTo(100);
        assertThat(database.get(Family.HISTORY, key(99))).hasSize(LARGE);
        assertThat(directory.resolve("db").resolve("load")).doesNotExist();
    }

    @Test
    void recordsWhenNotTakenInAreGone() {
        try (TableLoad load = database.load(Family.HISTORY)) {
            load.put(key(0), new byte[1]);
        }
        assertThat(count()).isZero();
        assertThat(directory.resolve("db").resolve("load")).doesNotExist();
    }

    /** A verification of a backup that is killed, for instance. */
    @Test
    void filesWhenLeftByACrashAreRemoved() throws IOException {
        Path left =
                Files.createDirectories(directory.resolve("db").resolve("load")).resolve("7.sst");
        Files.writeString(left, "half a table");
        try (TableLoad load = database.load(Family.HISTORY)) {
            load.put(key(0), new byte[1]);
            load.finish();
        }
        assertThat(count()).isEqualTo(1);
        assertThat(left.getParent()).doesNotExist();
    }

    @Test
    void recordsWhenThereAreNoneAreTakenIn() {
        try (TableLoad load = database.load(Family.HISTORY)) {
            load.finish();
        }
        assertThat(count()).isZero();
    }

    @Test
    void recordWhenNotAboveTheLastIsRefused() {
        try (TableLoad load = database.load(Family.HISTORY)) {
            load.put(key(1), new byte[1]);
            assertThatThrownBy(() -> load.put(key(1), new byte[1])).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> load.put(key(0), new byte[1])).isInstanceOf(StorageException.class);
        }
    }

    @Test
    void recordsWhenWrittenBesideAreNotTouched() {
        try (TableLoad load = database.load(Family.HISTORY);
                WriteSet set = database.newWriteSet()) {
            load.put(key(0), new byte[1]);
            set.put(Family.CURRENT, key(5), new byte[2]);
            database.write(set);
            load.finish();
        }
        assertThat(database.get(Family.CURRENT, key(5))).hasSize(2);
        assertThat(count()).isEqualTo(1);
    }
}
