package io.quorate.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.backup.store.BackupStore.Item;
import io.quorate.base.MonotonicClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each kind of store must do. */
class BackupStoreTests {

    @TempDir
    private Path directory;

    private S3StandIn bucket;
    private BackupStore store;

    @BeforeEach
    void open() throws IOException {
        bucket = new S3StandIn();
        store = openDirectory();
    }

    @AfterEach
    void close() {
        store.close();
        bucket.close();
    }

    private BackupStore openDirectory() throws IOException {
        return StoreLocation.open(directory.toUri().toString(), null, MonotonicClock.SYSTEM);
    }

    private void use(String kind) {
        if (kind.equals("s3")) {
            store.close();
            store = bucket.store();
        }
    }

    static void put(BackupStore store, String name, byte[] content) throws IOException {
        try (Upload upload = store.create(name)) {
            upload.write(content);
            upload.commit();
        }
    }

    static byte[] get(BackupStore store, String name) throws IOException {
        try (InputStream input = store.read(name)) {
            return input.readAllBytes();
        }
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        return bytes;
    }

    private List<String> names(String folder, String after) throws IOException {
        List<String> names = new ArrayList<>();
        store.list(folder, after, item -> names.add(item.name()));
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"directory", "s3"})
    void objectsWhenWrittenAreReadAndListed(String kind) throws IOException {
        use(kind);
        for (int i = 9; i >= 0; i--) {
            put(store, "ab/log/" + i, random(100 + i));
        }
        put(store, "ab/full/1", random(7));
        put(store, "cd/full/1", random(8));

        List<Item> items = new ArrayList<>();
        store.list("ab/log/", "", items::add);
        assertThat(items).hasSize(10);
        assertThat(items.get(3)).isEqualTo(new Item("ab/log/3", 103));
        assertThat(names("ab/log/", "ab/log/6")).containsExactly("ab/log/7", "ab/log/8", "ab/log/9");
        assertThat(names("ab/none/", "")).isEmpty();
        assertThat(store.folders()).containsExactly("ab", "cd");
        assertThat(get(store, "ab/log/4")).isEqualTo(random(104));

        store.delete("ab/log/4");
        store.delete("ab/log/4");
        assertThatThrownBy(() -> get(store, "ab/log/4")).isInstanceOf(NoSuchFileException.class);
        assertThat(names("ab/log/", "")).hasSize(9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"directory", "s3"})
    void objectWhenLargeIsWrittenAndReadInParts(String kind) throws IOException {
        use(kind);
        byte[] content = random(2 * S3Upload.PART_BYTES + 12_345);
        put(store, "ab/full/1", content);
        assertThat(get(store, "ab/full/1")).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"directory", "s3"})
    void objectWhenNotCommittedIsNotThere(String kind) throws IOException {
        use(kind);
        try (Upload upload = store.create("ab/full/1")) {
            upload.write(random(S3Upload.PART_BYTES + 1));
        }
        assertThat(names("ab/full/", "")).isEmpty();
        assertThat(bucket.uploads).isEmpty();
        try (var left = Files.walk(directory)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"directory", "s3"})
    void namesWhenTheyLeadElsewhereAreRefused(String kind) {
        use(kind);
        for (String name : List.of("../x", "a/../b", "/a", "a//b", "a/", "A", ".x", "a/.b", "", "a\\b")) {
            assertThatThrownBy(() -> store.create(name)).as(name).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.read(name)).as(name).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
