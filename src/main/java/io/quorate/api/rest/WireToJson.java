package io.quorate.api.rest;

import io.quorate.api.rest.MessageLayout.Field;
import io.quorate.api.rest.MessageLayout.Kind;
import io.quorate.base.Varint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;

/**
 * Translates the protobuf encoding of a message to JSON as the gateway prints it: names of the proto text, 64-bit
 * integers as strings, bytes as standard base64, enums by name, no white space. What proto3 leaves out of its encoding
 * (zero, false, empty) is thereby left out here.
 *
 * <p>Relies on the order in which messages encode themselves: the elements of a repeated field stand together.
 *
 * <p>Used by one thread at a time.
 */
final class WireToJson {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final byte[] wire;
    private final ByteSink json;
    private int position;

    private WireToJson(byte[] wire, ByteSink json) {
        this.wire = wire;
        this.json = json;
    }

    /** Appends the JSON object of an encoded message. */
    static void translate(byte[] wire, MessageLayout layout, ByteSink json) {
        new WireToJson(wire, json).message(layout, wire.length);
    }

    private void message(MessageLayout layout, int end) {
        json.put('{');
        int openArray = 0;
        while (position < end) {
            int tag = (int) varint();
            Field field = layout.field(tag >>> 3);
            if (field == null) {
                skip(tag & 7);
                continue;
            }
            if (field.number() != openArray) {
                closeArray(openArray);
                json.putAscii(field.jsonPrefix());
                openArray = field.repeated() ? field.number() : 0;
                if (field.repeated()) {
                    json.put('[');
                }
            }
            element(field, tag & 7);
            json.put(',');
        }
        closeArray(openArray);
        json.dropLast(',');
        json.put('}');
    }

    private void closeArray(int openArray) {
        if (openArray != 0) {
            json.dropLast(',');
            json.putAscii("],");
        }
    }

    /** Numbers of a repeated field come packed: one length, then all of them. */
    private void element(Field field, int wireType) {
        boolean delimited = field.kind() == Kind.STRING || field.kind() == Kind.BYTES || field.kind() == Kind.MESSAGE;
        if (delimited || wireType != 2) {
            value(field);
            return;
        }
        int end = (int) varint() + position;
        while (position < end) {
            value(field);
            json.put(',');
        }
        json.dropLast(',');
    }

    private void value(Field field) {
        switch (field.kind()) {
            case INT32 -> json.putAscii(Integer.toString((int) varint()));
            case UINT32 -> json.putAscii(Integer.toUnsignedString((int) varint()));
            case INT64 -> quoted(Long.toString(varint()));
            case UINT64 -> quoted(Long.toUnsignedString(varint()));
            case BOOL -> json.putAscii(varint() != 0 ? "true" : "false");
            case ENUM -> enumeration(field, (int) varint());
            case STRING -> string((int) varint());
            case BYTES -> base64((int) varint());
            case MESSAGE -> {
                int length = (int) varint();
                message(Objects.requireNonNull(field.message()), position + length);
            }
        }
    }

    private void quoted(String text) {
        json.put('"');
        json.putAscii(text);
        json.put('"');
    }

    /** A number without a name is printed as it is. */
    private void enumeration(Field field, int number) {
        String name = Objects.requireNonNull(field.enumeration()).quotedNames().get(number);
        json.putAscii(name == null ? Integer.toString(number) : name);
    }

    private void base64(int length) {
        json.put('"');
        ByteBuffer encoded = Base64.getEncoder().encode(ByteBuffer.wrap(wire, position, length));
        json.put(encoded.array(), encoded.arrayOffset(), encoded.remaining());
        json.put('"');
        position += length;
    }

    private void string(int length) {
        escape(wire, position, length, json);
        position += length;
    }

    /** Appends UTF-8 text as a JSON string. */
    static void escape(byte[] text, int from, int length, ByteSink json) {
        json.put('"');
        for (int i = from; i < from + length; i++) {
            byte next = text[i];
            if (next == '"' || next == '\\') {
                json.put('\\');
                json.put(next);
            } else if (next >= 0 && next < ' ') {
                control(next, json);
            } else {
                json.put(next);
            }
        }
        json.put('"');
    }

    private static void control(byte control, ByteSink json) {
        switch (control) {
            case '\n' -> json.putAscii("\\n");
            case '\r' -> json.putAscii("\\r");
            case '\t' -> json.putAscii("\\t");
            default -> {
                json.putAscii("\\u00");
                json.put(HEX[control >> 4]);
                json.put(HEX[control & 15]);
            }
        }
    }

    private long varint() {
        int end = Varint.end(wire, position, wire.length);
        if (end < 0) {
            throw new IllegalStateException("malformed varint in an encoded message");
        }
        long value = Varint.get(wire, position, end);
        position = end;
        return value;
    }

    private void skip(int wireType) {
        switch (wireType) {
            case 0 -> varint();
            case 1 -> position += 8;
            case 2 -> {
                int length = (int) varint();
                position += length;
            }
            case 5 -> position += 4;
            default -> throw new IllegalStateException("unknown wire type " + wireType + " in an encoded message");
        }
    }
}
