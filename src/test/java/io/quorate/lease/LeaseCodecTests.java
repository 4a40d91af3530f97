package io.quorate.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Fault;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class LeaseCodecTests {

    private final LeaseCodec codec = new LeaseCodec();

    @Test
    void encodeWhenReadBackIsTheSameLease() {
        for (long id : new long[] {1, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            LeaseRecord lease = new LeaseRecord(id, 60, 17);
            assertThat(codec.decodeId(codec.encodeId(id))).isEqualTo(id);
            assertThat(codec.decode(id, codec.encode(lease))).isEqualTo(lease);
        }
    }

    @Test
    void encodeWhenStoredHasTheBytesOfTheFormat() {
        assertThat(HexFormat.of().formatHex(codec.encodeId(0x0102L))).isEqualTo("0000000000000102");
        assertThat(HexFormat.of().formatHex(codec.encode(new LeaseRecord(5, 60, 0))))
                .isEqualTo("0805103c");
        assertThat(HexFormat.of().formatHex(codec.encode(new LeaseRecord(5, 60, 7))))
                .isEqualTo("0805103c1807");
        assertThat(codec.keySpace()).isEqualTo("lease");
    }

    @Test
    void decodeWhenTheBytesMakeNoSenseThrows() {
        assertThatThrownBy(() -> codec.decode(5L, new byte[] {8})).isInstanceOf(Fault.class);
        assertThatThrownBy(() -> codec.decode(6L, codec.encode(new LeaseRecord(5, 60, 0))))
                .isInstanceOf(Fault.class);
        assertThatThrownBy(() -> codec.decodeId(new byte[7])).isInstanceOf(Fault.class);
    }
}
