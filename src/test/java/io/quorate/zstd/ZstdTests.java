package io.quorate.zstd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZstdTests {

    private static final int SKIPPABLE = 0x184D2A53;
    private static final int WINDOW_AT = 5;

    private static byte[] content(int bytes) {
        SplittableRandom random = new SplittableRandom(bytes);
        byte[] content = new byte[bytes];
        for (int at = 0; at < bytes; at++) {
            content[at] = (byte) (random.nextInt(8) == 0 ? random.nextInt() : at >> 5);
        }
        return content;
    }

    private static byte[] packed(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream frame = Zstd.pack(bytes)) {
            frame.write(content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] unpacked(byte[] packed) throws IOException {
        try (InputStream in = Zstd.unpack(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        }
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] skippable(int bytes) {
        return ByteBuffer.allocate(8 + bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(SKIPPABLE)
                .putInt(bytes)
                .array();
    }

    private static void assertRefused(byte[] packed, long offset, String reason) {
        assertThatThrownBy(() -> unpacked(packed))
                .isInstanceOfSatisfying(
                        ZstdException.class, e -> assertThat(e.offset()).isEqualTo(offset))
                .hasMessageContaining(reason)
                .hasMessageContaining("at offset " + offset + " ");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 1000, 65_791, 131_072, 131_073, 9_000_000})
    void unpackWhenPackedGivesTheSameBytes(int bytes) throws IOException {
        byte[] packed = packed(content(bytes));
        assertThat(Zstd.isMagic(packed)).isTrue();
        assertThat(unpacked(packed)).isEqualTo(content(bytes));
    }

    @Test
    void unpackWhenThereAreSeveralFramesAndSomeToSkipGivesAll() throws IOException {
        byte[] content = content(5000);
        byte[] frames = joined(skippable(0), packed(content), skippable(9000), packed(content), skippable(3));
        assertThat(Zstd.isMagic(frames)).isTrue();
        assertThat(unpacked(frames)).isEqualTo(joined(content, content));
    }

    @Test
    void unpackWhenReadInPartsGivesTheSameBytes() throws IOException {
        byte[] content = content(300_000);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (InputStream in = Zstd.unpack(new ByteArrayInputStream(packed(content)))) {
            while (all.size() < 100) {
                all.write(in.read());
            }
            byte[] part = new byte[777];
            for (int some = in.read(part, 3, 700); some > 0; some = in.read(part, 3, 700)) {
                all.write(part, 3, some);
            }
            assertThat(in.read()).isEqualTo(-1);
        }
        assertThat(all.toByteArray()).isEqualTo(content);
    }

    @Test
    void unpackWhenCutAnywhereRefusesWithTheOffset() {
        byte[] packed = packed(content(3000));
        for (int length = 1; length < packed.length; length++) {
            byte[] cut = Arrays.copyOf(packed, length);
            assertRefused(cut, length, "the stream ends inside");
        }
    }

    @Test
    void unpackWhenAFrameToSkipIsCutRefuses() {
        assertRefused(Arrays.copyOf(skippable(100), 50), 50, "begins at offset 0");
    }

    @Test
    void unpackWhenSomethingElseFollowsRefuses() {
        byte[] packed = packed(content(3000));
        assertRefused(joined(packed, new byte[20]), packed.length, "no frame begins here");
        assertRefused(joined(packed, new byte[2]), packed.length + 2, "the first bytes of a frame");
    }

    @Test
    void unpackWhenAWindowIsLargerThanEightMebibytesRefuses() {
        byte[] packed = packed(content(3_000_000));
        byte[] large = packed.clone();
        large[WINDOW_AT] = (byte) (13 << 3 | 1);
        assertRefused(large, 0, "whose window has 9437184 bytes");
        large[WINDOW_AT] = (byte) (31 << 3 | 7);
        assertRefused(large, 0, "whose window has");
    }

    @Test
    void unpackWhenASingleSegmentIsLargerThanEightMebibytesRefuses() {
        ByteBuffer frame = ByteBuffer.allocate(13).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(0xFD2FB528).put((byte) (3 << 6 | 1 << 5)).putLong(Long.MAX_VALUE);
        assertRefused(frame.array(), 0, "whose window has 9223372036854775807 bytes");
        frame.putLong(5, -1);
        assertRefused(frame.array(), 0, "whose window has 18446744073709551615 bytes");
    }

    @Test
    void unpackWhenADictionaryIsNamedRefuses() {
        ByteBuffer frame = ByteBuffer.allocate(13).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(0xFD2FB528).put((byte) 1).put((byte) 0).put((byte) 7);
        assertRefused(frame.array(), 0, "dictionary");
    }

    @Test
    void unpackWhenABlockClaimsMoreThanThereMayBeRefuses() {
        ByteBuffer frame = ByteBuffer.allocate(13).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(0xFD2FB528).put((byte) 0).put((byte) 0).putInt(((128 << 10) + 1) << 3 | 1 << 1 | 1);
        assertRefused(frame.array(), 6, "131072 are the most");
        frame.putInt(6, 3 << 1 | 1);
        assertRefused(frame.array(), 6, "reserved type");
    }

    @Test
    void unpackWhenTheChecksumIsAnotherOneRefuses() {
        byte[] packed = packed(content(3000));
        packed[packed.length - 1] ^= 1;
        assertRefused(packed, packed.length, "damaged");
    }

    /** Whatever the bytes become, reading ends, in the same content or in a refusal. */
    @Test
    void unpackWhenBytesChangeRefusesOrGivesTheSame() throws IOException {
        byte[] content = content(2000);
        byte[] packed = packed(content);
        SplittableRandom random = new SplittableRandom(4);
        for (int at = 0; at < packed.length * Byte.SIZE; at++) {
            byte[] changed = packed.clone();
            changed[at / Byte.SIZE] ^= (byte) (1 << at % Byte.SIZE);
            assertRefusedOrSame(changed, content);
        }
        for (int round = 0; round < 5000; round++) {
            byte[] changed = packed.clone();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                changed[random.nextInt(packed.length)] = (byte) random.nextInt();
            }
            assertRefusedOrSame(changed, content);
        }
    }

    private static void assertRefusedOrSame(byte[] changed, byte[] content) throws IOException {
        try {
            assertThat(unpacked(changed)).isEqualTo(content);
        } catch (ZstdException refused) {
            assertThat(refused.offset()).isBetween(0L, (long) changed.length);
        }
    }
}
