package io.quorate.raft.confchange;

import io.quorate.base.Varint;
import java.io.ByteArrayOutputStream;

/** Writes fields in the protobuf wire format. */
final class ProtoWriter {

    static final int VARINT = 0;
    static final int LENGTH_DELIMITED = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final byte[] number = new byte[Varint.BYTES_MAX];

    void number(int field, long value) {
        varint((long) field << 3 | VARINT);
        varint(value);
    }

    void bytes(int field, byte[] value) {
        varint((long) field << 3 | LENGTH_DELIMITED);
        varint(value.length);
        out.writeBytes(value);
    }

    private void varint(long value) {
        out.write(number, 0, Varint.put(number, 0, value));
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }
}
