package io.quorate.api.rest;

import io.quorate.api.rest.MessageLayout.Enumeration;
import io.quorate.api.rest.MessageLayout.Field;
import io.quorate.api.rest.MessageLayout.Kind;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Translates a JSON object to the protobuf encoding of a message, by the rules of proto3 JSON: both spellings of names,
 * integers as numbers or strings, bytes as standard or URL-safe base64 with or without padding, enums by name or number,
 * {@code null} for absent. Unknown fields and unknown names of enums are ignored; a field given twice, and a second field of a
 * group of which one may be set, are refused, as by etcd 3.7.
 */
final class JsonToWire {

    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;

    private JsonToWire() {}

    /**
     * Translates the object the cursor stands before.
     *
     * @throws JsonSyntaxException when the text is not JSON or does not fit the message
     */
    static void translate(JsonCursor json, MessageLayout layout, ByteSink wire) {
        json.enter('{');
        if (json.leave('}')) {
            return;
        }
        long seen = 0;
        long set = 0;
        do {
            json.peek();
            int start = json.position();
            json.string();
            String name = json.stringText();
            Field field = layout.field(name);
            json.expect(':');
            if (field == null) {
                json.skipValue();
                continue;
            }
            if ((seen & field.bit()) != 0) {
                throw json.refusedAt(start, "duplicate field \"" + name + "\"");
            }
            seen |= field.bit();
            if (!json.skipNull()) {
                if ((set & field.oneofBits()) != 0) {
                    throw json.refusedAt(
                            start, "error parsing \"" + name + "\", oneof " + field.oneof() + " is already set");
                }
                set |= field.bit();
                field(json, field, wire);
            }
        } while (json.skip(','));
        if (!json.leave('}')) {
            throw json.unexpected("',' or '}'");
        }
    }

    private static void field(JsonCursor json, Field field, ByteSink wire) {
        if (!field.repeated()) {
            value(json, field, wire);
            return;
        }
        json.enter('[');
        if (json.leave(']')) {
            return;
        }
        do {
            value(json, field, wire);
        } while (json.skip(','));
        if (!json.leave(']')) {
            throw json.unexpected("',' or ']'");
        }
    }

    private static void value(JsonCursor json, Field field, ByteSink wire) {
        if (field.kind() == Kind.ENUM && skipsUnknownName(json, field)) {
            return;
        }
        boolean delimited = field.kind() == Kind.STRING || field.kind() == Kind.BYTES || field.kind() == Kind.MESSAGE;
        wire.putVarint(((long) field.number() << 3) | (delimited ? LENGTH_DELIMITED : VARINT));
        switch (field.kind()) {
            case INT32 -> wire.putVarint(JsonNumbers.signed(number(json, field), 32, field.name()));
            case INT64 -> wire.putVarint(JsonNumbers.signed(number(json, field), 64, field.name()));
            case UINT32 -> wire.putVarint(JsonNumbers.unsigned(number(json, field), 32, field.name()));
            case UINT64 -> wire.putVarint(JsonNumbers.unsigned(number(json, field), 64, field.name()));
            case BOOL -> wire.putVarint(bool(json, field) ? 1 : 0);
            case ENUM -> wire.putVarint(enumeration(json, field));
            case STRING -> delimited(wire, text(json, field));
            case BYTES -> delimited(wire, base64(text(json, field), field));
            case MESSAGE -> message(json, field, wire);
        }
    }

    private static void message(JsonCursor json, Field field, ByteSink wire) {
        int start = wire.size();
        translate(json, Objects.requireNonNull(field.message()), wire);
        wire.prefixLength(start);
    }

    private static void delimited(ByteSink wire, byte[] content) {
        wire.putVarint(content.length);
        wire.put(content);
    }

    private static String number(JsonCursor json, Field field) {
        if (json.peek() == '"') {
            json.string();
            return json.stringText();
        }
        return scalar(json, field);
    }

    private static String scalar(JsonCursor json, Field field) {
        byte next = json.peek();
        if (next == '{' || next == '[') {
            throw json.unexpected("a value for field " + field.name());
        }
        return json.word();
    }

    private static byte[] text(JsonCursor json, Field field) {
        if (json.peek() != '"') {
            throw json.unexpected("a string for field " + field.name());
        }
        json.string();
        return json.stringBytes();
    }

    private static boolean bool(JsonCursor json, Field field) {
        if (json.peek() == '"') {
            throw json.unexpected("true or false for field " + field.name());
        }
        return switch (scalar(json, field)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw json.unexpected("true or false for field " + field.name());
        };
    }

    private static long enumeration(JsonCursor json, Field field) {
        if (json.peek() != '"') {
            return JsonNumbers.signed(scalar(json, field), 32, field.name());
        }
        json.string();
        return Objects.requireNonNull(numberOf(json.stringText(), field));
    }

    /** Skips a name that the enum does not have, as if the field were not there. */
    private static boolean skipsUnknownName(JsonCursor json, Field field) {
        if (json.peek() != '"') {
            return false;
        }
        int start = json.position();
        json.string();
        if (numberOf(json.stringText(), field) == null) {
            return true;
        }
        json.moveBack(start);
        return false;
    }

    private static @Nullable Integer numberOf(String name, Field field) {
        Enumeration enumeration = Objects.requireNonNull(field.enumeration());
        return enumeration.numbers().get(name);
    }

    private static byte[] base64(byte[] text, Field field) {
        try {
            return (isUrlSafe(text) ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text);
        } catch (IllegalArgumentException e) {
            throw new JsonSyntaxException("invalid base64 in field " + field.name());
        }
    }

    private static boolean isUrlSafe(byte[] text) {
        for (byte b : text) {
            if (b == '-' || b == '_') {
                return true;
            }
        }
        return false;
    }
}
