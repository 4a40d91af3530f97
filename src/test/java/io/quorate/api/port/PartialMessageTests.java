package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.Ints;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Memory and copies are bounded by what has come, whatever was announced and however it comes. */
class PartialMessageTests {

    @Test
    void messageWhenItComesInAnyPiecesIsComplete() {
        long seed = 7;
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            byte[] body = new byte[random.nextInt(100_000)];
            random.nextBytes(body);
            ByteBuf input = Unpooled.wrappedBuffer(new byte[] {0}, Ints.toByteArray(body.length), body);
            PartialMessage message = new PartialMessage();
            int most = 1 + random.nextInt(5000);
            while (input.isReadable()) {
                ByteBuf piece = input.readSlice(Math.min(input.readableBytes(), 1 + random.nextInt(most)));
                if (message.hasPrefix() || message.takePrefix(piece)) {
                    message.takeBody(piece);
                }
                assertThat(message.capacity())
                        .as("seed %d, round %d", seed, round)
                        .isLessThanOrEqualTo(Math.max(256, 2 * message.bodyBytes()));
            }
            assertThat(message.missing()).isZero();
            assertThat(message.movedBytes()).isLessThanOrEqualTo(2L * body.length);
            assertThat(message.body()).isEqualTo(body);
        }
    }
}
