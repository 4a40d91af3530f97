package io.quorate.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseReplaceTests {

    private static final byte[] KEY = "key".getBytes(UTF_8);

    @TempDir
    private Path temporary;

    private Path directory;
    private Path copy;
    private Database database;

    @BeforeEach
    void open() {
        directory = temporary.resolve("db");
        copy = temporary.resolve("copy");
        database = Database.open(directory, StorageSettings.DEFAULTS);
        put("copied");
        database.checkpoint(copy);
        put("replaced");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void replaceWhenCopyIsGoodShowsItsState() {
        database.replaceWith(copy);

        assertThat(value()).isEqualTo("copied");
        assertThat(copy).doesNotExist();
        assertThat(temporary.resolve("db.replaced")).doesNotExist();
        put("after");
        assertThat(value()).isEqualTo("after");
    }

    @Test
    void replaceWhenCopyIsMissingChangesNothing() {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> database.replaceWith(temporary.resolve("nothing")));

        assertThat(value()).isEqualTo("replaced");
        assertThat(temporary.resolve("nothing")).doesNotExist();
    }

    @Test
    void replaceWhenCopyIsForeignChangesNothing() throws IOException {
        Path foreign = Files.createDirectory(temporary.resolve("foreign"));
        Files.writeString(foreign.resolve("CURRENT"), "MANIFEST-000009\n");

        assertThatExceptionOfType(StorageException.class).isThrownBy(() -> database.replaceWith(foreign));

        assertThat(value()).isEqualTo("replaced");
    }

    @Test
    void openWhenCrashedBeforeCopyMovedInKeepsOldState() throws IOException {
        database.close();
        Files.move(directory, temporary.resolve("db.replaced"));

        database = Database.open(directory, StorageSettings.DEFAULTS);

        assertThat(value()).isEqualTo("replaced");
        assertThat(temporary.resolve("db.replaced")).doesNotExist();
    }

    @Test
    void openWhenCrashedAfterCopyMovedInKeepsNewState() throws IOException {
        database.close();
        Files.move(directory, temporary.resolve("db.replaced"));
        Files.move(copy, directory);

        database = Database.open(directory, StorageSettings.DEFAULTS);

        assertThat(value()).isEqualTo("copied");
        assertThat(temporary.resolve("db.replaced")).doesNotExist();
    }

    @Test
    void compactWhenRecordsAreDeletedGivesSpaceBack() {
        try (WriteSet set = database.newWriteSet()) {
            for (int index = 0; index < 100; index++) {
                set.put(Family.HISTORY, new byte[] {(byte) index}, new byte[10_000]);
            }
            database.write(set);
            database.flush();
            set.clear();
            for (int index = 0; index < 100; index++) {
                set.delete(Family.HISTORY, new byte[] {(byte) index});
            }
            database.write(set);
        }

        database.compact();

        assertThat(database.statistics().fileBytes()).isLessThan(50_000);
        assertThat(value()).isEqualTo("replaced");
    }

    @Test
    void statisticsWhenUsedCountWhatHappened() {
        database.flush();
        assertThat(value()).isEqualTo("replaced");
        assertThat(value()).isEqualTo("replaced");

        DatabaseStatistics statistics = database.statistics();

        assertThat(statistics.fileBytes()).isPositive();
        assertThat(statistics.memtableBytes()).isPositive();
        assertThat(statistics.flushedBytes()).isPositive();
        assertThat(statistics.cacheHits()).isPositive();
        assertThat(statistics.backgroundErrors()).isZero();
        assertThat(statistics.writesStopped()).isFalse();
    }

    private void put(String value) {
        try (WriteSet set = database.newWriteSet()) {
            set.put(Family.CURRENT, KEY, value.getBytes(UTF_8));
            database.write(set);
        }
    }

    private String value() {
        byte[] value = database.get(Family.CURRENT, KEY);
        return value == null ? "nothing" : new String(value, UTF_8);
    }
}
