package io.quorate.base;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VarintTests {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 16_383, 16_384, 0xffff_ffffL, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void numberWhenWrittenIsWhatProtobufWrites(long value) throws IOException {
        byte[] expected = new byte[Varint.BYTES_MAX];
        CodedOutputStream protobuf = CodedOutputStream.newInstance(expected);
        protobuf.writeUInt64NoTag(value);
        int length = protobuf.getTotalBytesWritten();

        byte[] written = new byte[Varint.BYTES_MAX + 3];
        assertThat(Varint.put(written, 3, value)).isEqualTo(3 + length);
        assertThat(Varint.size(value)).isEqualTo(length);
        assertThat(Arrays.copyOfRange(written, 3, 3 + Varint.BYTES_MAX)).isEqualTo(expected);
        int end = Varint.end(written, 3, written.length);
        assertThat(end).isEqualTo(3 + length);
        assertThat(Varint.get(written, 3, end)).isEqualTo(value);
    }

    @Test
    void endWhenTheNumberIsCutOffOrTooLongIsNone() {
        byte[] long64 = new byte[12];
        Arrays.fill(long64, (byte) 0x80);
        assertThat(Varint.end(long64, 0, long64.length)).isEqualTo(-1);
        assertThat(Varint.end(new byte[] {(byte) 0x80, 1}, 0, 1)).isEqualTo(-1);
        assertThat(Varint.end(new byte[0], 0, 0)).isEqualTo(-1);
    }
}
