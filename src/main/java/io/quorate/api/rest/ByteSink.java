package io.quorate.api.rest;

import io.quorate.base.Varint;
import java.util.Arrays;

/** A growing byte array to write protobuf or JSON into. Used by one thread at a time. */
final class ByteSink {

    private byte[] bytes;
    private int size;

    ByteSink(int expectedBytes) {
        bytes = new byte[Math.max(64, expectedBytes)];
    }

    /** The array behind it, valid up to {@link #size()}. */
    byte[] array() {
        return bytes;
    }

    int size() {
        return size;
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), Math.min(bytes.length * 2, 1 << 30)));
        }
    }

    void put(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    void put(byte[] source) {
        put(source, 0, source.length);
    }

    void put(byte[] source, int from, int length) {
        reserve(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
    }

    void putAscii(String text) {
        reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[size++] = (byte) text.charAt(i);
        }
    }

    void putVarint(long value) {
        reserve(Varint.BYTES_MAX);
        size = Varint.put(bytes, size, value);
    }

    /** Inserts the length of what was written from {@code from} on in front of it. */
    void prefixLength(int from) {
        int length = size - from;
        int width = Varint.size(length);
        reserve(width);
        System.arraycopy(bytes, from, bytes, from + width, length);
        size = from;
        putVarint(length);
        size = from + width + length;
    }

    /** Takes back the last byte if it is the given one. */
    void dropLast(char last) {
        if (size > 0 && bytes[size - 1] == last) {
            size--;
        }
    }
}
