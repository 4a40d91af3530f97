package io.quorate.bbolt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written as a file is read from it again, whatever the sizes. */
class BboltImageTests {

    @TempDir
    private Path directory;

    @Test
    void bucketsWhenEmptyAreThereNevertheless() throws IOException {
        Path file = write(List.of(Bucket.of("a", Map.of()), Bucket.of("b", Map.of())));
        try (BboltFile read = BboltFile.open(file)) {
            assertThat(read.buckets()).containsExactly("a", "b");
            assertThat(read.records("a").next()).isFalse();
            assertThat(FileCheck.run(read)).isEqualTo(new FileCheck.Report(4, 0, 0));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void recordsWhenWrittenAreReadInOrder(int seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<TreeMap<byte[], byte[]>> contents = new ArrayList<>();
        List<Bucket> buckets = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            TreeMap<byte[], byte[]> records = randomRecords(random);
            contents.add(records);
            buckets.add(Bucket.of("bucket" + i, records));
        }
        try (BboltFile read = BboltFile.open(write(buckets))) {
            long records = 0;
            for (int i = 0; i < contents.size(); i++) {
                assertThat(read(read, "bucket" + i)).isEqualTo(texts(contents.get(i)));
                records += contents.get(i).size();
            }
            FileCheck.Report report = FileCheck.run(read);
            assertThat(report.records()).isEqualTo(records);
            assertThat(report.pages() * PageFormat.PAGE_SIZE).isEqualTo(read.size());
        }
    }

    @Test
    void recordsWhenManyMakeBranchesOfSeveralLevels() throws IOException {
        TreeMap<byte[], byte[]> records = new TreeMap<>(Arrays::compareUnsigned);
        for (int i = 0; i < 30_000; i++) {
            // Long keys: a branch has room for few of them.
            records.put(String.format("%0400d", i).getBytes(StandardCharsets.US_ASCII), new byte[i % 7]);
        }
        try (BboltFile read = BboltFile.open(write(List.of(Bucket.of("many", records))))) {
            assertThat(read(read, "many")).hasSize(30_000);
            assertThat(FileCheck.run(read).records()).isEqualTo(30_000);
        }
    }

    @Test
    void streamWhenReadInPartsGivesTheSameBytes() throws IOException {
        BboltImage image = BboltImage.of(List.of(Bucket.of("a", randomRecords(new SplittableRandom(3)))));
        byte[] whole;
        try (InputStream in = image.open()) {
            whole = in.readAllBytes();
        }
        assertThat(whole).hasSize((int) image.size());
        byte[] parts = new byte[whole.length];
        try (InputStream in = image.open()) {
            for (int at = 0; at < parts.length; ) {
                at += in.read(parts, at, Math.min(777, parts.length - at));
            }
            assertThat(in.read()).isEqualTo(-1);
        }
        assertThat(parts).isEqualTo(whole);
    }

    private Path write(List<Bucket> buckets) throws IOException {
        BboltImage image = BboltImage.of(buckets);
        Path file = directory.resolve("file.db");
        try (InputStream in = image.open()) {
            Files.copy(in, file);
        }
        assertThat(file).hasSize(image.size());
        return file;
    }

    private static TreeMap<byte[], byte[]> randomRecords(SplittableRandom random) {
        TreeMap<byte[], byte[]> records = new TreeMap<>(Arrays::compareUnsigned);
        int count = random.nextInt(3) * random.nextInt(700);
        for (int i = 0; i < count; i++) {
            byte[] key = new byte[1 + random.nextInt(40)];
            random.nextBytes(key);
            byte[] value = new byte[random.nextInt(20) == 0 ? random.nextInt(20_000) : random.nextInt(300)];
            random.nextBytes(value);
            records.put(key, value);
        }
        return records;
    }

    private static List<String> read(BboltFile file, String bucket) {
        List<String> found = new ArrayList<>();
        try (BucketRecords records = file.records(bucket)) {
            while (records.next()) {
                found.add(Arrays.toString(records.key()) + Arrays.hashCode(records.value()));
            }
        }
        return found;
    }

    private static List<String> texts(TreeMap<byte[], byte[]> records) {
        return records.entrySet().stream()
                .map(each -> Arrays.toString(each.getKey()) + Arrays.hashCode(each.getValue()))
                .toList();
    }
}
