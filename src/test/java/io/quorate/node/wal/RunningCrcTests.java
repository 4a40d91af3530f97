package io.quorate.node.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunningCrcTests {

    @Test
    void updateWhenSeededContinuesFromAnyValue() {
        Random random = new Random(1);
        RunningCrc crc = new RunningCrc();
        for (int i = 0; i < 1000; i++) {
            int before = i == 0 ? 0 : random.nextInt();
            byte[] bytes = new byte[random.nextInt(100)];
            random.nextBytes(bytes);
            crc.seed(before);
            assertThat(crc.value()).isEqualTo(before);
            crc.update(bytes, 0, bytes.length);
            assertThat(crc.value()).isEqualTo(PlainLog.crc32c(before, bytes));
        }
    }

    @Test
    void valueOfTheCheckStringIsCastagnolis() {
        RunningCrc crc = new RunningCrc();
        crc.update("123456789".getBytes(StandardCharsets.UTF_8), 0, 9);
        assertThat(crc.value()).isEqualTo(0xE3069283);
    }

    @Test
    void isOneFlippedBitFindsExactlySuchErrors() {
        byte[] bytes = new byte[64];
        new Random(2).nextBytes(bytes);
        int right = PlainLog.crc32c(77, bytes);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(RunningCrc.isOneFlippedBit(right, PlainLog.crc32c(77, flipped), bytes.length))
                    .isTrue();
            flipped[(bit / 8 + 9) % 64] ^= 0x11;
            assertThat(RunningCrc.isOneFlippedBit(right, PlainLog.crc32c(77, flipped), bytes.length))
                    .isFalse();
        }
    }
}
