package io.quorate.api.port;

import static io.quorate.fixture.Expected.present;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.Bytes;
import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.quorate.proto.PutRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackedMessageTests {

    private static final int MAX = 100_000;
    private static final int HEADER_BYTES = 10;

    static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] unpack(byte[] packed) throws Exception {
        return present(PackedMessage.unpack(packed, MAX, bytes -> true));
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "1023", "1024", "1025", "70000", "99999", "100000"})
    void messageWhenPackedIsUnpacked(int length) throws Exception {
        assertThat(unpack(gzip(random(length)))).isEqualTo(random(length));
        assertThat(unpack(gzip(new byte[length]))).isEqualTo(new byte[length]);
    }

    @Test
    void membersWhenTheyFollowEachOtherAreOneMessage() throws Exception {
        byte[] packed = Bytes.concat(gzip(new byte[] {1}), gzip(new byte[0]), gzip(new byte[] {2, 3}));
        assertThat(unpack(packed)).containsExactly(1, 2, 3);
    }

    /** Extra bytes, a name, a comment, and a checksum of all that. */
    @Test
    void headerWhenItSaysMoreIsPassedOver() throws Exception {
        byte[] plain = gzip(new byte[] {7});
        byte[] head = Bytes.concat(
                new byte[] {0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3},
                new byte[] {3, 0, 9, 9, 9},
                new byte[] {'n', 0, 'c', 'd', 0});
        CRC32 sum = new CRC32();
        sum.update(head);
        byte[] checked = {(byte) sum.getValue(), (byte) (sum.getValue() >> 8)};
        byte[] rest = Arrays.copyOfRange(plain, HEADER_BYTES, plain.length);
        assertThat(unpack(Bytes.concat(head, checked, rest))).containsExactly(7);
        checked[0]++;
        assertThatThrownBy(() -> unpack(Bytes.concat(head, checked, rest)))
                .hasMessage("INTERNAL: grpc: failed to decompress the message: gzip: invalid header");
    }

    private static byte[] changed(String how) throws IOException {
        byte[] packed = gzip("some text that is packed".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        int end = packed.length;
        return switch (how) {
            case "none" -> new byte[0];
            case "head" -> Arrays.copyOf(packed, 5);
            case "cut" -> Arrays.copyOf(packed, end - 9);
            case "trailer" -> Arrays.copyOf(packed, end - 1);
            case "sum" -> with(packed, end - 8);
            case "length" -> with(packed, end - 4);
            case "magic" -> with(packed, 1);
            case "method" -> with(packed, 2);
            case "short" -> Bytes.concat(packed, new byte[3]);
            case "behind" -> Bytes.concat(packed, new byte[20]);
            case "block" -> Bytes.concat(Arrays.copyOf(packed, HEADER_BYTES), new byte[] {7, 0, 0, 0, 0, 0, 0, 0, 0});
            default -> throw new IllegalArgumentException(how);
        };
    }

    private static byte[] with(byte[] bytes, int changedAt) {
        bytes[changedAt] ^= 1;
        return bytes;
    }

    /** In the words of etcd. */
    @ParameterizedTest
    @CsvSource({
        "none, grpc: failed to decompress the message: EOF",
        "head, grpc: failed to decompress the message: unexpected EOF",
        "magic, grpc: failed to decompress the message: gzip: invalid header",
        "method, grpc: failed to decompress the message: gzip: invalid header",
        "cut, grpc: failed to read decompressed data: unexpected EOF",
        "trailer, grpc: failed to read decompressed data: unexpected EOF",
        "sum, grpc: failed to read decompressed data: gzip: invalid checksum",
        "length, grpc: failed to read decompressed data: gzip: invalid checksum",
        "short, grpc: failed to read decompressed data: unexpected EOF",
        "behind, grpc: failed to read decompressed data: gzip: invalid header",
        "block, grpc: failed to read decompressed data: flate: corrupt input before offset 1"
    })
    void messageWhenChangedIsRefused(String how, String reason) throws Exception {
        byte[] packed = changed(how);
        assertThatThrownBy(() -> unpack(packed)).hasMessage("INTERNAL: " + reason);
    }

    @Test
    void messageWhenItGrowsTooLargeIsRefusedBeforeItIsHeld() throws Exception {
        byte[] bomb = gzip(new byte[50_000_000]);
        List<Integer> held = new ArrayList<>();
        assertThatThrownBy(() -> PackedMessage.unpack(bomb, MAX, held::add))
                .hasMessage("RESOURCE_EXHAUSTED: grpc: received message after decompression larger than max " + MAX);
        assertThat(held).last().isEqualTo(MAX + 1);
    }

    @Test
    void messageWhenThereIsNoRoomForItIsGivenUp() throws Exception {
        assertThat(PackedMessage.unpack(gzip(new byte[MAX]), MAX, bytes -> bytes < 10_000))
                .isNull();
    }

    @Test
    void answerWhenPackedIsWhatGzipMakes() throws Exception {
        PutRequest message = PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("k"))
                .setValue(ByteString.copyFrom(new byte[10_000]))
                .build();
        ByteBuf target = Unpooled.buffer();
        target.writeInt(77);
        PackedMessage.write(message, target);
        byte[] all = ByteBufUtil.getBytes(target);
        assertThat(HexFormat.of().formatHex(all, 0, 5)).isEqualTo("0000004d01");
        assertThat(target.getInt(5)).isEqualTo(all.length - 9).isLessThan(1000);
        assertThat(unpack(Arrays.copyOfRange(all, 9, all.length))).isEqualTo(message.toByteArray());
    }
}
