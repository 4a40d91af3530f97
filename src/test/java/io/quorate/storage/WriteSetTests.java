package io.quorate.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteSetTests {

    @TempDir
    private Path directory;

    private Database database;
    private WriteSet set;

    @BeforeEach
    void open() {
        database = Database.open(directory, StorageSettings.DEFAULTS);
        set = database.newWriteSet();
    }

    @AfterEach
    void close() {
        set.close();
        database.close();
    }

    @Test
    void countWhenFilledCountsChangesAndBytes() {
        put("a", "1");
        delete("b");

        assertThat(set.count()).isEqualTo(2);
        assertThat(set.bytes()).isBetween(10L, 100L);

        set.clear();
        assertThat(set.isEmpty()).isTrue();
        assertThat(get("a")).isNull();
    }

    /** Lengths that need one, two, three and four bytes, and more room than is reserved at first. */
    @ParameterizedTest
    @ValueSource(ints = {0, 127, 128, 16_383, 16_384, 2_097_152})
    void writeWhenALengthNeedsMoreBytesKeepsTheValueAndItsNeighbours(int length) {
        byte[] value = new byte[length];
        Arrays.fill(value, (byte) 'v');
        put("before", "1");
        set.put(Family.HISTORY, bytes("record"), value);
        set.delete(Family.HISTORY, bytes("none"));
        set.put(Family.CURRENT, bytes("after"), bytes("2"));
        write();

        assertThat(database.get(Family.HISTORY, bytes("record"))).isEqualTo(value);
        assertThat(database.get(Family.CURRENT, bytes("after"))).isEqualTo(bytes("2"));
        assertThat(database.get(Family.USER, bytes("before"))).isEqualTo(bytes("1"));
    }

    @Test
    void getWhenPendingShowsChangeBeforeItIsWritten() {
        put("a", "1");

        assertThat(get("a")).isEqualTo("1");
        assertThat(database.get(Family.USER, bytes("a"))).isNull();
    }

    @Test
    void getWhenPendingDeletionHidesRecord() {
        put("a", "1");
        write();
        delete("a");

        assertThat(get("a")).isNull();
        assertThat(database.get(Family.USER, bytes("a"))).isNotNull();
    }

    @Test
    void getWhenNothingIsPendingReadsBase() {
        put("a", "1");
        write();

        assertThat(get("a")).isEqualTo("1");
    }

    @Test
    void getWhenFamilyHoldsRecordsIsRefused() {
        Reader reader = set.over(database);

        assertThatIllegalArgumentException().isThrownBy(() -> reader.get(Family.CURRENT, bytes("a")));
        assertThatIllegalArgumentException().isThrownBy(() -> set.deleteRange(Family.USER, bytes("a"), bytes("b")));
    }

    @Test
    void cursorWhenPendingMergesChangesIntoOrder() {
        put("b", "1");
        put("d", "1");
        put("f", "1");
        write();
        put("a", "2");
        put("b", "2");
        delete("d");
        put("e", "2");
        delete("x");

        assertThat(scan(null, null)).containsExactly("a=2", "b=2", "e=2", "f=1");
        assertThat(scan("b", "f")).containsExactly("b=2", "e=2");
        assertThat(scan("f", "b")).isEmpty();
        try (Cursor cursor = set.over(database).cursor(Family.USER, null, null)) {
            cursor.seek(bytes("c"));
            assertThat(text(cursor.key())).isEqualTo("e");
            cursor.seek(bytes("a"));
            assertThat(text(cursor.key())).isEqualTo("a");
        }
    }

    /** The merged cursor against a map, over random changes; repeat one with its seed. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void cursorWhenChangesAreRandomAgreesWithMap(long seed) {
        Random random = new Random(seed);
        TreeMap<String, String> expected = new TreeMap<>();
        for (int round = 0; round < 200; round++) {
            String key = String.valueOf((char) ('a' + random.nextInt(20)));
            if (random.nextInt(3) == 0) {
                delete(key);
                expected.remove(key);
            } else {
                put(key, "" + round);
                expected.put(key, "" + round);
            }
            if (random.nextInt(10) == 0) {
                write();
            }
            List<String> pairs = new ArrayList<>();
            expected.forEach((k, v) -> pairs.add(k + "=" + v));
            assertThat(scan(null, null)).as("seed %s, round %s", seed, round).isEqualTo(pairs);
        }
    }

    @Test
    void useWhenClosedIsRefused() {
        set.close();

        assertThatIllegalStateException().isThrownBy(() -> put("a", "1"));
        assertThatIllegalStateException().isThrownBy(() -> database.write(set));
        set.close();
    }

    private void put(String key, String value) {
        set.put(Family.USER, bytes(key), bytes(value));
    }

    private void delete(String key) {
        set.delete(Family.USER, bytes(key));
    }

    private void write() {
        database.write(set);
        set.clear();
    }

    private @Nullable String get(String key) {
        byte[] value = set.over(database).get(Family.USER, bytes(key));
        return value == null ? null : text(value);
    }

    private List<String> scan(@Nullable String from, @Nullable String to) {
        List<String> found = new ArrayList<>();
        try (Cursor cursor = set.over(database)
                .cursor(Family.USER, from == null ? null : bytes(from), to == null ? null : bytes(to))) {
            for (; cursor.isValid(); cursor.next()) {
                found.add(text(cursor.key()) + "=" + text(cursor.value()));
            }
        }
        return found;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
