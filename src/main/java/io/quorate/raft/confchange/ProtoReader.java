package io.quorate.raft.confchange;

import io.quorate.base.Varint;
import java.util.Arrays;

/**
 * Reads fields in the protobuf wire format; anything malformed is an {@link IllegalArgumentException}.
 *
 * <p>One thread at a time.
 */
final class ProtoReader {

    private static final int FIXED_64 = 1;
    private static final int FIXED_32 = 5;

    private final byte[] data;
    private int position;
    private int field;
    private int wireType;

    ProtoReader(byte[] data) {
        this.data = data;
    }

    /** Moves to the next field, if there is one. */
    boolean next() {
        if (position == data.length) {
            return false;
        }
        long tag = varint();
        field = (int) (tag >>> 3);
        wireType = (int) (tag & 7);
        return true;
    }

    int field() {
        return field;
    }

    long number() {
        expect(ProtoWriter.VARINT);
        return varint();
    }

    byte[] bytes() {
        expect(ProtoWriter.LENGTH_DELIMITED);
        long length = varint();
        int start = position;
        advance(length);
        return Arrays.copyOfRange(data, start, position);
    }

    void skip() {
        switch (wireType) {
            case ProtoWriter.VARINT -> varint();
            case FIXED_64 -> advance(Long.BYTES);
            case ProtoWriter.LENGTH_DELIMITED -> advance(varint());
            case FIXED_32 -> advance(Integer.BYTES);
            default -> throw new IllegalArgumentException("unknown wire type " + wireType);
        }
    }

    private void expect(int expected) {
        if (wireType != expected) {
            throw new IllegalArgumentException("field " + field + " has wire type " + wireType + ", not " + expected);
        }
    }

    private void advance(long length) {
        if (length < 0 || length > data.length - position) {
            throw new IllegalArgumentException("field " + field + " of length " + length + " is cut off");
        }
        position += (int) length;
    }

    private long varint() {
        int end = Varint.end(data, position, data.length);
        if (end < 0) {
            boolean cutOff = data.length - position < Varint.BYTES_MAX;
            throw new IllegalArgumentException(cutOff ? "number is cut off" : "number is longer than 64 bits");
        }
        long value = Varint.get(data, position, end);
        position = end;
        return value;
    }
}
