package io.quorate.bbolt;

import static io.quorate.fixture.Expected.present;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that were cut or changed end in a {@link BboltException}, and in nothing else. */
class BboltFileTests {

    @TempDir
    private Path directory;

    private byte[] good = {};

    @BeforeEach
    void write() throws IOException {
        TreeMap<byte[], byte[]> records = new TreeMap<>(Arrays::compareUnsigned);
        for (int i = 0; i < 600; i++) {
            records.put(("key" + i).getBytes(StandardCharsets.US_ASCII), new byte[i == 77 ? 9000 : 30]);
        }
        BboltImage image = BboltImage.of(List.of(Bucket.of("a", records), Bucket.of("b", Map.of())));
        try (InputStream in = image.open()) {
            good = in.readAllBytes();
        }
    }

    @Test
    void fileWhenEmptyOrForeignIsNoneOfBbolt() {
        assertDamaged(new byte[0], "no valid meta page");
        assertDamaged("text".repeat(5000).getBytes(StandardCharsets.US_ASCII), "no valid meta page");
    }

    @Test
    void fileWhenCutSaysWhere() {
        assertDamaged(Arrays.copyOf(good, good.length - 1), "at offset " + (good.length - 1) + ": the file ends here");
        assertDamaged(Arrays.copyOf(good, 8192), "at offset 8192: the file ends here");
    }

    @Test
    void fileWhenOneMetaPageIsDamagedIsReadByTheOther() throws IOException {
        byte[] changed = good.clone();
        changed[PageFormat.HEADER] ^= 1;
        try (BboltFile file = open(changed)) {
            assertThat(file.buckets()).containsExactly("a", "b");
        }
        changed = good.clone();
        changed[PageFormat.PAGE_SIZE + PageFormat.HEADER] ^= 1;
        try (BboltFile file = open(changed)) {
            assertThat(FileCheck.run(file).records()).isEqualTo(600);
        }
    }

    @Test
    void branchWhenItIsItsOwnChildEndsTheWalk() {
        byte[] changed = good.clone();
        int branch = findPage(PageFormat.BRANCH);
        ByteBuffer.wrap(changed)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(branch * PageFormat.PAGE_SIZE + PageFormat.HEADER + 8, branch);
        assertDamaged(changed, "used twice");
        assertThatExceptionOfType(BboltException.class)
                .isThrownBy(() -> {
                    try (BboltFile file = open(changed);
                            BucketRecords records = file.records("a")) {
                        while (records.next()) {
                            assertThat(records.key()).isNotEmpty();
                        }
                    }
                })
                .withMessageContaining("circle");
    }

    @Test
    void pageWhenUsedTwiceIsNoticed() {
        byte[] changed = good.clone();
        int at = findPage(PageFormat.BRANCH) * PageFormat.PAGE_SIZE + PageFormat.HEADER;
        ByteBuffer bytes = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(at + PageFormat.BRANCH_ELEMENT + 8, bytes.getLong(at + 8));
        assertDamaged(changed, "page");
    }

    @Test
    void pageWhenNothingRefersToItIsNoticed() {
        byte[] changed = Arrays.copyOf(good, good.length + PageFormat.PAGE_SIZE);
        ByteBuffer bytes = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
        Meta meta = present(Meta.parse(bytes, PageFormat.PAGE_SIZE + PageFormat.HEADER));
        bytes.position(PageFormat.PAGE_SIZE + PageFormat.HEADER);
        new Meta(meta.pageSize(), meta.root(), meta.freelist(), meta.highWater() + 1, 9).put(bytes);
        assertDamaged(changed, "neither used nor free");
    }

    /** Whatever a byte becomes, reading ends, and with no other exception than the one for damage. */
    @Test
    void fileWhenBytesChangeIsReadOrRefused() throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 3000; round++) {
            byte[] changed = good.clone();
            int page = random.nextInt(good.length / PageFormat.PAGE_SIZE);
            // Mostly in headers and elements, where it hurts.
            int at = page * PageFormat.PAGE_SIZE + random.nextInt(random.nextBoolean() ? 64 : PageFormat.PAGE_SIZE);
            changed[at] = (byte) random.nextInt();
            try (BboltFile file = open(changed)) {
                FileCheck.run(file);
            } catch (BboltException expected) {
                assertThat(expected.offset()).isBetween(0L, (long) good.length);
            }
        }
    }

    private int findPage(int kind) {
        for (int page = 3; ; page++) {
            if (good[page * PageFormat.PAGE_SIZE + PageFormat.FLAGS_AT] == kind) {
                return page;
            }
        }
    }

    private void assertDamaged(byte[] bytes, String reason) {
        assertThatExceptionOfType(BboltException.class)
                .isThrownBy(() -> {
                    try (BboltFile file = open(bytes)) {
                        FileCheck.run(file);
                    }
                })
                .withMessageContaining(reason);
    }

    private BboltFile open(byte[] bytes) throws IOException {
        Path file = directory.resolve("file.db");
        Files.write(file, bytes);
        return BboltFile.open(file);
    }
}
