package io.quorate.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DatabaseTests {

    @TempDir
    private Path temporary;

    private Path directory;
    private Database database;

    @BeforeEach
    void open() {
        directory = temporary.resolve("member/db");
        database = Database.open(directory, StorageSettings.DEFAULTS);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void getWhenAbsentReturnsNull() {
        assertThat(database.get(Family.CURRENT, bytes("a"))).isNull();
    }

    @Test
    void getWhenWrittenReturnsValue() {
        put(Family.CURRENT, "a", "1");

        assertThat(text(database.get(Family.CURRENT, bytes("a")))).isEqualTo("1");
        assertThat(database.get(Family.HISTORY, bytes("a"))).isNull();
    }

    @Test
    void getWhenValueIsEmptyReturnsEmptyArray() {
        put(Family.VERSIONS, "a", "");

        assertThat(database.get(Family.VERSIONS, bytes("a"))).isEmpty();
    }

    @Test
    void writeWhenKeyIsPutAndDeletedKeepsOrder() {
        try (WriteSet set = database.newWriteSet()) {
            set.put(Family.CURRENT, bytes("a"), bytes("1"));
            set.delete(Family.CURRENT, bytes("a"));
            set.delete(Family.CURRENT, bytes("b"));
            set.put(Family.CURRENT, bytes("b"), bytes("2"));
            database.write(set);
        }

        assertThat(scan(database, Family.CURRENT, null, null)).containsExactly("b=2");
    }

    @Test
    void writeWhenRangeIsDeletedKeepsItsEnd() {
        put(Family.HISTORY, "a", "1", "b", "2", "c", "3");

        try (WriteSet set = database.newWriteSet()) {
            set.deleteRange(Family.HISTORY, bytes("a"), bytes("c"));
            database.write(set);
        }

        assertThat(scan(database, Family.HISTORY, null, null)).containsExactly("c=3");
    }

    @Test
    void writeWhenSetIsEmptyDoesNothing() {
        try (WriteSet set = database.newWriteSet()) {
            database.write(set);

            assertThat(set.isEmpty()).isTrue();
        }
    }

    @Test
    void writeWhenDatabaseFailedBeforeIsFault() throws Exception {
        put(Family.CURRENT, "a", "1");
        // The directory under the database goes away, so that the flush cannot create its file.
        Path moved = temporary.resolve("moved");
        Files.move(directory, moved);
        try {
            assertThatThrownBy(database::flush).isInstanceOf(Fault.class).hasMessageContaining(directory.toString());
            assertThatThrownBy(() -> put(Family.CURRENT, "b", "2"))
                    .isInstanceOf(Fault.class)
                    .hasMessageContaining("failed before");
        } finally {
            Files.move(moved, directory);
        }
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void flushWhenDoneMakesEveryFamilyDurable(Family family) {
        put(family, "a", "1");
        database.flush();
        database.closeWithoutFlush();

        database = Database.open(directory, StorageSettings.DEFAULTS);
        assertThat(text(database.get(family, bytes("a")))).isEqualTo("1");
    }

    @Test
    void crashWhenBatchIsNotFlushedLosesItWhollyInAllFamilies() {
        writeToAllFamilies("flushed");
        database.flush();
        writeToAllFamilies("lost");
        database.closeWithoutFlush();

        database = Database.open(directory, StorageSettings.DEFAULTS);
        for (Family family : Family.values()) {
            assertThat(text(database.get(family, bytes("key"))))
                    .as("%s", family)
                    .isEqualTo("flushed");
        }
    }

    @Test
    void crashWhenOnlySomeFamiliesWereWrittenSinceFlushLosesThem() {
        writeToAllFamilies("flushed");
        database.flush();
        put(Family.META, "index", "7");
        database.closeWithoutFlush();

        database = Database.open(directory, StorageSettings.DEFAULTS);
        assertThat(database.get(Family.META, bytes("index"))).isNull();
    }

    @Test
    void crashWhenMemoryRanFullInOneFamilyKeepsAllFamiliesTogether() {
        database.close();
        // Small buffers, so that RocksDB flushes by itself again and again, at moments we do not choose.
        StorageSettings small = StorageSettings.DEFAULTS.withWriteBufferBytes(1 << 20);
        database = Database.open(directory, small);
        byte[] value = new byte[10_000];
        for (int index = 0; index < 2_000; index++) {
            try (WriteSet set = database.newWriteSet()) {
                set.put(Family.HISTORY, bytes("%06d".formatted(index)), value);
                set.put(Family.META, bytes("index"), bytes("%06d".formatted(index)));
                database.write(set);
            }
        }
        database.closeWithoutFlush();

        database = Database.open(directory, small);
        List<String> survived = new ArrayList<>();
        try (Cursor cursor = database.cursor(Family.HISTORY, null, null)) {
            for (; cursor.isValid(); cursor.next()) {
                survived.add(text(cursor.key()));
            }
        }
        assertThat(survived).hasSizeBetween(1, 1_999);
        assertThat(text(database.get(Family.META, bytes("index")))).isEqualTo(survived.getLast());
    }

    @Test
    void closeWhenOrderlyLosesNothing() {
        writeToAllFamilies("kept");
        database.close();

        database = Database.open(directory, StorageSettings.DEFAULTS);
        assertThat(text(database.get(Family.META, bytes("key")))).isEqualTo("kept");
    }

    @Test
    void closeWhenCursorIsOpenRefuses() {
        try (Cursor cursor = database.cursor(Family.CURRENT, null, null)) {
            assertThat(cursor.isValid()).isFalse();
            assertThatIllegalStateException()
                    .isThrownBy(() -> database.close(0, true))
                    .withMessageContaining("1 reads, cursors or views are still open");
        }
    }

    @Test
    void closeWhenRepeatedDoesNothing() {
        database.close();
        database.close();

        assertThatExceptionOfType(DatabaseClosedException.class)
                .isThrownBy(() -> database.get(Family.CURRENT, bytes("a")));
        assertThatExceptionOfType(DatabaseClosedException.class).isThrownBy(database::view);
    }

    @Test
    void cursorWhenBoundedStaysWithinBounds() {
        put(Family.CURRENT, "a", "1", "b", "2", "c", "3", "d", "4");

        assertThat(scan(database, Family.CURRENT, "b", "d")).containsExactly("b=2", "c=3");
        assertThat(scan(database, Family.CURRENT, "bb", null)).containsExactly("c=3", "d=4");
        assertThat(scan(database, Family.CURRENT, null, "b")).containsExactly("a=1");
        assertThat(scan(database, Family.CURRENT, "d", "b")).isEmpty();
        assertThat(scan(database, Family.CURRENT, "e", null)).isEmpty();
    }

    @Test
    void cursorWhenSoughtMovesBothWaysWithinBounds() {
        put(Family.CURRENT, "a", "1", "b", "2", "c", "3", "d", "4");

        try (Cursor cursor = database.cursor(Family.CURRENT, bytes("b"), bytes("d"))) {
            cursor.seek(bytes("c"));
            assertThat(text(cursor.key())).isEqualTo("c");
            cursor.seek(bytes("a"));
            assertThat(text(cursor.key())).isEqualTo("b");
            cursor.seek(bytes("d"));
            assertThat(cursor.isValid()).isFalse();
            assertThatIllegalStateException().isThrownBy(cursor::key);
            assertThatIllegalStateException().isThrownBy(cursor::next);
            cursor.seek(bytes("bb"));
            assertThat(text(cursor.key())).isEqualTo("c");
        }
    }

    @Test
    void cursorWhenKeysAreNotAsciiOrdersThemUnsigned() {
        byte[][] keys = {{(byte) 0xff}, {0}, {0x7f}, {(byte) 0x80}, {0, 0}};
        try (WriteSet set = database.newWriteSet()) {
            for (byte[] key : keys) {
                set.put(Family.CURRENT, key, bytes(""));
            }
            database.write(set);
        }

        List<byte[]> found = new ArrayList<>();
        try (Cursor cursor = database.cursor(Family.CURRENT, null, null, Reader.Scan.LONG)) {
            for (; cursor.isValid(); cursor.next()) {
                found.add(cursor.key());
            }
        }
        assertThat(found).containsExactly(new byte[] {0}, new byte[] {0, 0}, keys[2], keys[3], keys[0]);
    }

    @Test
    void cursorWhenWrittenAfterwardsDoesNotShowIt() {
        put(Family.CURRENT, "a", "1");

        try (Cursor cursor = database.cursor(Family.CURRENT, null, null)) {
            put(Family.CURRENT, "b", "2");
            cursor.next();
            assertThat(cursor.isValid()).isFalse();
        }
    }

    @Test
    void viewWhenWrittenAfterwardsShowsEarlierStateInAllFamilies() {
        put(Family.CURRENT, "a", "1");
        put(Family.META, "m", "1");

        try (View view = database.view()) {
            put(Family.CURRENT, "a", "2", "b", "2");
            put(Family.META, "m", "2");
            database.flush();

            assertThat(text(view.get(Family.CURRENT, bytes("a")))).isEqualTo("1");
            assertThat(text(view.get(Family.META, bytes("m")))).isEqualTo("1");
            assertThat(scan(view, Family.CURRENT, null, null)).containsExactly("a=1");
        }
        assertThat(scan(database, Family.CURRENT, null, null)).containsExactly("a=2", "b=2");
    }

    @Test
    void viewWhenGivingWayShowsEarlierStateToLongScans() {
        int records = 5_000;
        for (int i = 0; i < records; i++) {
            put(Family.HISTORY, "%05d".formatted(i), "1");
        }

        int found = 0;
        try (View view = database.view()) {
            view.giveWay();
            Cursor cursor = view.cursor(Family.HISTORY, null, null, Reader.Scan.LONG);
            for (; cursor.isValid(); cursor.next()) {
                assertThat(text(cursor.key())).isEqualTo("%05d".formatted(found));
                assertThat(text(cursor.value())).isEqualTo("1");
                if (found % 100 == 0) {
                    put(Family.HISTORY, "%05d".formatted(found), "2", "%05d-new".formatted(found), "2");
                }
                found++;
            }
            cursor.close();
        }

        assertThat(found).isEqualTo(records);
    }

    @Test
    void closeWhenViewsMakeWayTellsThoseThatAreOpen() {
        List<View> told = new ArrayList<>();
        AtomicReference<View> open = new AtomicReference<>();
        open.set(database.view(() -> {
            told.add(open.get());
            open.get().close();
        }));
        database.view(() -> told.add(null)).close();

        database.close();

        assertThat(told).containsExactly(open.get());
        assertThat(database.isOpen()).isFalse();
    }

    @Test
    void viewWhenClosedRefuses() {
        View view = database.view();
        view.close();
        view.close();

        assertThatIllegalStateException().isThrownBy(() -> view.get(Family.CURRENT, bytes("a")));
    }

    /** What is read of a view has to come to its end, or the view would never be given back. */
    @Test
    @Timeout(60)
    void cursorOfViewWhenTheDatabaseClosesDoesNotWait() {
        put(Family.CURRENT, "a", "1");
        AtomicReference<View> held = new AtomicReference<>();
        held.set(database.view(() -> {
            assertThat(scan(held.get(), Family.CURRENT, null, null)).containsExactly("a=1");
            held.get().close();
        }));
        database.close();

        assertThat(database.isOpen()).isFalse();
    }

    @Test
    void checkpointWhenOpenedHasUnflushedState() {
        put(Family.CURRENT, "a", "1");
        Path target = temporary.resolve("copy");

        database.checkpoint(target);
        put(Family.CURRENT, "b", "2");

        try (Database copy = Database.open(target, StorageSettings.DEFAULTS)) {
            assertThat(scan(copy, Family.CURRENT, null, null)).containsExactly("a=1");
        }
    }

    @Test
    void checkpointWhenTargetExistsIsRefused() {
        assertThatThrownBy(() -> database.checkpoint(temporary))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(temporary.toString());
    }

    @Test
    void sizeBytesWhenWrittenGrows() {
        long before = database.sizeBytes();
        put(Family.CURRENT, "a", "x".repeat(200_000));
        assertThat(database.sizeBytes()).isGreaterThanOrEqualTo(before + 200_000);

        database.flush();
        assertThat(database.sizeBytes()).isPositive();
        DatabaseStatistics now = database.statistics();
        assertThat(now.sizeInUseBytes()).isPositive().isLessThanOrEqualTo(now.sizeBytes());
    }

    private void writeToAllFamilies(String value) {
        try (WriteSet set = database.newWriteSet()) {
            for (Family family : Family.values()) {
                set.put(family, bytes("key"), bytes(value));
            }
            database.write(set);
        }
    }

    private void put(Family family, String... keysAndValues) {
        try (WriteSet set = database.newWriteSet()) {
            for (int at = 0; at < keysAndValues.length; at += 2) {
                set.put(family, bytes(keysAndValues[at]), bytes(keysAndValues[at + 1]));
            }
            database.write(set);
        }
    }

    private static List<String> scan(Reader reader, Family family, @Nullable String from, @Nullable String to) {
        List<String> found = new ArrayList<>();
        try (Cursor cursor = reader.cursor(family, from == null ? null : bytes(from), to == null ? null : bytes(to))) {
            for (; cursor.isValid(); cursor.next()) {
                found.add(text(cursor.key()) + "=" + text(cursor.value()));
            }
        }
        return found;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, UTF_8);
    }
}
